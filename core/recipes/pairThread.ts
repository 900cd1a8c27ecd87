import { join } from 'node:path'
import type { Project } from '../project/project.ts'
import type { Connection } from '../workers/channel.ts'
import { startThread } from '../workers/thread.ts'
import type { Artefact, ArtefactWriter } from './artefact.ts'
import type { PairStepCall, PairStepThread } from './pairSteps.thread.ts'

/** Calls one function of pairSteps.thread.ts. The thread ends with it, and at once when `signal` aborts. */
export async function inPairThread<T>(signal: AbortSignal, work: (connection: Connection<PairStepThread>) => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const thread = startThread<PairStepThread>(new URL('./pairSteps.thread.ts', import.meta.url))
  const stop = (): void => thread.connection.close(signal.reason instanceof Error ? signal.reason : new Error('Cancelled'))
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await work(thread.connection)
  } finally {
    signal.removeEventListener('abort', stop)
    await thread.end()
  }
}

/** What a step of pairSteps.thread.ts reads and where it writes. */
export const pairStepCall = (project: Project, pairs: Artefact, out: ArtefactWriter): PairStepCall => ({ database: join(project.folder, 'project.db'), pairs: pairs.folder, out: out.folder })
