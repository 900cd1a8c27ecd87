/** Steps that read the project and go through all pairs, away from the engine's loop: reads the artefact, works, writes the result. One call, then the thread ends. */
import { parentPort } from 'node:worker_threads'
import { openForReading } from '../project/connection.ts'
import { VetoReads } from '../project/repositories/vetoes.ts'
import { counted } from '../review/sentences.ts'
import { type CallContext, serveThread } from '../workers/channel.ts'
import { Artefact, ArtefactWriter } from './artefact.ts'
import { byDecisions, type DecisionRules } from './byDecisions.ts'
import { readPairsOrLists } from './kinds.ts'
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

const api = {
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
    const { accepted, open, refused, ...result } = byDecisions(pairs, vetoesOf(database, (vetoes) => vetoes.allRelations()), rules)
    await writeKeptPairs(new ArtefactWriter(out), artefact, { pairs, ...result }, `${counted(accepted, 'accepted pair')}, ${counted(open, 'other')}; ${counted(refused, 'refused one')} taken out`, { accepted, open, refused })
  }
}
export type PairStepThread = typeof api

if (!parentPort) throw new Error('pairSteps.thread.ts is the entry of a worker thread')
serveThread(parentPort, api)
