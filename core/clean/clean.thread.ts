/** The Clean screen's thread: holds the sweep that is looked at, and answers for its cells. */
import { parentPort } from 'node:worker_threads'
import type { CleanCellAt, CleanClasses, CleanClassOrder, CleanGrid, CleanImages, CleanWitnesses } from '../contract/clean.ts'
import { Artefact } from '../recipes/artefact.ts'
import { type CallContext, serveThread, Transferred } from '../workers/channel.ts'
import { CellTables, type SideOf, type Standing } from './cellTables.ts'
import { readGrid, readGridNames } from './gridArtefact.ts'
import type { EvidenceKind } from './ruleGrid.ts'
import { readVerdicts } from './truthFlags.ts'
import { witnessesOf } from './witnesses.ts'

/** Folders of a sweep and of the truth of its run, where that has one. */
export interface SweepFolders {
  readonly sweep: string
  readonly truth: string | null
}

let held: { readonly sweep: string; readonly truth: string | null; readonly tables: Promise<CellTables> } | null = null
let standing: Standing = { dropped: new Int32Array(), byCell: new Int32Array(), kept: new Int32Array(), protectedOnes: new Int32Array() }

/** Folders are named by the hash of what is in them: what was read once stays true. */
async function tablesOf({ sweep, truth }: SweepFolders): Promise<CellTables> {
  if (held?.sweep !== sweep || held.truth !== truth) {
    const tables = load({ sweep, truth })
    held = { sweep, truth, tables }
    tables.catch(() => {
      if (held?.tables === tables) held = null
    })
  }
  return await held.tables
}

async function load({ sweep, truth }: SweepFolders): Promise<CellTables> {
  const artefact = await Artefact.open(sweep)
  const [grid, names] = await Promise.all([readGrid(artefact), readGridNames(artefact)])
  const tables = new CellTables(grid, names, truth === null ? null : await readVerdicts(await Artefact.open(truth), grid, names))
  tables.stands(standing)
  return tables
}

const api = {
  async stands(now: Standing, _context: CallContext): Promise<void> {
    standing = now
    await held?.tables.then((tables) => tables.stands(now)).catch(() => undefined)
  },
  async cell(folders: SweepFolders, at: CleanCellAt, sample: number, label: number | undefined, _context: CallContext): Promise<Transferred<ReturnType<CellTables['cell']>>> {
    const cell = (await tablesOf(folders)).cell(at, sample, label)
    return new Transferred(cell, [cell.keptIds.buffer as ArrayBuffer, cell.droppedIds.buffer as ArrayBuffer])
  },
  async classes(folders: SweepFolders, at: CleanCellAt, order: CleanClassOrder, text: string, offset: number, limit: number, _context: CallContext): Promise<CleanClasses> {
    return (await tablesOf(folders)).classes(at, order, text, offset, limit)
  },
  async images(folders: SweepFolders, at: CleanCellAt, which: SideOf, offset: number, limit: number, _context: CallContext): Promise<CleanImages> {
    return (await tablesOf(folders)).page(at, which, offset, limit)
  },
  async witnesses(folders: SweepFolders, pairs: string, evidence: EvidenceKind, at: CleanCellAt, imageId: number, limit: number, _context: CallContext): Promise<CleanWitnesses> {
    const [tables, found] = await Promise.all([tablesOf(folders), witnessesOf(await Artefact.open(pairs), evidence, imageId)])
    return tables.witnesses(at, imageId, found, limit)
  },
  async truth(folders: SweepFolders, _context: CallContext): Promise<CleanGrid['truth']> {
    return (await tablesOf(folders)).truth()
  },
  async changes(folders: SweepFolders, at: CleanCellAt, _context: CallContext): Promise<{ drops: Int32Array; keeps: Int32Array }> {
    return (await tablesOf(folders)).changes(at)
  }
}
type Unwrapped<R> = R extends Promise<Transferred<infer T>> ? Promise<T> : R
/** As its caller sees it: what was moved arrives as itself. */
export type CleanThread = { readonly [K in keyof typeof api]: (...args: Parameters<(typeof api)[K]>) => Unwrapped<ReturnType<(typeof api)[K]>> }

if (!parentPort) throw new Error('clean.thread.ts is the entry of a worker thread')
serveThread(parentPort, api)
