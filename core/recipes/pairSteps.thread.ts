/** Steps that read the project and go through all pairs, away from the engine's loop: reads the artefact, works, writes the result. One call, then the thread ends. */
import { parentPort } from 'node:worker_threads'
import { openForReading } from '../project/connection.ts'
import { VetoReads } from '../project/repositories/vetoes.ts'
import { counted } from '../review/sentences.ts'
import { type Candidates, candidatesOf } from '../verify/candidates.ts'
import { type CallContext, serveThread, Transferred } from '../workers/channel.ts'
import { Artefact, ArtefactWriter } from './artefact.ts'
import { byDecisions, type DecisionRules, type SaidOfPair } from './byDecisions.ts'
import { type Pairs, readPairsOrLists } from './kinds.ts'
import { writeKeptPairs } from './pairRows.ts'
import { withoutVetoed } from './withoutVetoed.ts'

export interface PairStepCall {
  /** Path of project.db. */
  readonly database: string
  /** Folders of artefacts. */
  readonly pairs: string
  readonly out: string
}

const vetoesOf = <T>(database: string, read: (vetoes: VetoReads) => T): T => {
  const db = openForReading(database)
  try {
    return read(new VetoReads(db))
  } finally {
    db.close()
  }
}

const pairsAtOnce = 20_000

/** What people said of any of the pairs. */
function saidOf(vetoes: VetoReads, { a, b }: Pick<Pairs, 'a' | 'b'>): SaidOfPair[] {
  const said: SaidOfPair[][] = []
  for (let from = 0; from < a.length; from += pairsAtOnce) said.push(vetoes.relations(Array.from(a.subarray(from, from + pairsAtOnce)), Array.from(b.subarray(from, from + pairsAtOnce))))
  return said.flat()
}

const api = {
  /** The pairs that are to be verified: writes nothing. */
  async candidates({ pairs: folder }: Pick<PairStepCall, 'pairs'>, top: number, _context: CallContext): Promise<Transferred<Candidates>> {
    const found = candidatesOf(await readPairsOrLists(await Artefact.open(folder)), top)
    return new Transferred(found, Object.values(found).map(({ buffer }) => buffer as ArrayBuffer))
  },
  async applyVetoes({ database, pairs: folder, out }: PairStepCall, _context: CallContext): Promise<void> {
    const artefact = await Artefact.open(folder)
    const pairs = await readPairsOrLists(artefact)
    const kept = withoutVetoed(pairs, vetoesOf(database, (vetoes) => vetoes.applied()))
    const vetoed = pairs.a.length - kept.length
    await writeKeptPairs(new ArtefactWriter(out), artefact, { pairs, kept }, `${vetoed.toLocaleString('en')} of ${counted(pairs.a.length, 'pair')} vetoed`, { vetoed })
  },
  async humanDecisions({ database, pairs: folder, out }: PairStepCall, rules: DecisionRules, _context: CallContext): Promise<void> {
    const artefact = await Artefact.open(folder)
    const pairs = await readPairsOrLists(artefact)
    const { accepted, open, refused, ...result } = byDecisions(pairs, vetoesOf(database, (vetoes) => saidOf(vetoes, pairs)), rules)
    await writeKeptPairs(new ArtefactWriter(out), artefact, { pairs, ...result }, `${counted(accepted, 'accepted pair')}, ${counted(open, 'other')}; ${counted(refused, 'refused one')} taken out`, { accepted, open, refused })
  }
}
type Unwrapped<R> = R extends Promise<Transferred<infer T>> ? Promise<T> : R
/** As its caller sees it: what was moved arrives as itself. */
export type PairStepThread = { readonly [K in keyof typeof api]: (...args: Parameters<(typeof api)[K]>) => Unwrapped<ReturnType<(typeof api)[K]>> }

if (!parentPort) throw new Error('pairSteps.thread.ts is the entry of a worker thread')
serveThread(parentPort, api)
