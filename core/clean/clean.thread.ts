/** The Clean screen's thread: holds the sweep that is looked at, and answers for its cells. */
import { parentPort } from 'node:worker_threads'
import type { CleanCellAt, CleanClasses, CleanClassOrder } from '../contract/clean.ts'
import { Artefact } from '../recipes/artefact.ts'
import { type CallContext, serveThread, Transferred } from '../workers/channel.ts'
import { CellTables, type Standing } from './cellTables.ts'
import { readGrid, readGridNames } from './gridArtefact.ts'

let held: { readonly folder: string; readonly tables: Promise<CellTables> } | null = null
let standing: Standing = { dropped: new Int32Array(), kept: new Int32Array(), protectedOnes: new Int32Array() }

/** Folders are named by the hash of what is in them: what was read once stays true. */
async function tablesOf(folder: string): Promise<CellTables> {
  if (held?.folder !== folder) {
    const tables = load(folder)
    held = { folder, tables }
    tables.catch(() => {
      if (held?.tables === tables) held = null
    })
  }
  return await held.tables
}

async function load(folder: string): Promise<CellTables> {
  const artefact = await Artefact.open(folder)
  const [grid, names] = await Promise.all([readGrid(artefact), readGridNames(artefact)])
  const tables = new CellTables(grid, names)
  tables.stands(standing)
  return tables
}

const api = {
  async stands(now: Standing, _context: CallContext): Promise<void> {
    standing = now
    await held?.tables.then((tables) => tables.stands(now)).catch(() => undefined)
  },
  async cell(folder: string, at: CleanCellAt, sample: number, label: number | undefined, _context: CallContext): Promise<Transferred<ReturnType<CellTables['cell']>>> {
    const cell = (await tablesOf(folder)).cell(at, sample, label)
    return new Transferred(cell, [cell.keptIds.buffer as ArrayBuffer, cell.droppedIds.buffer as ArrayBuffer])
  },
  async classes(folder: string, at: CleanCellAt, order: CleanClassOrder, offset: number, limit: number, _context: CallContext): Promise<CleanClasses> {
    return (await tablesOf(folder)).classes(at, order, offset, limit)
  },
  async toDrop(folder: string, at: CleanCellAt, _context: CallContext): Promise<Int32Array> {
    return (await tablesOf(folder)).toDrop(at)
  }
}
type Unwrapped<R> = R extends Promise<Transferred<infer T>> ? Promise<T> : R
/** As its caller sees it: what was moved arrives as itself. */
export type CleanThread = { readonly [K in keyof typeof api]: (...args: Parameters<(typeof api)[K]>) => Unwrapped<ReturnType<(typeof api)[K]>> }

if (!parentPort) throw new Error('clean.thread.ts is the entry of a worker thread')
serveThread(parentPort, api)
