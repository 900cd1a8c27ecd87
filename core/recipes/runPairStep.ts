import { join } from 'node:path'
import type { Project } from '../project/project.ts'
import type { Connection } from '../workers/channel.ts'
import { startThread } from '../workers/thread.ts'
import type { Artefact, ArtefactWriter } from './artefact.ts'
import type { PairStepCall, PairStepThread } from './pairSteps.thread.ts'

/** Calls one step of pairSteps.thread.ts, which reads `pairs`, writes and finishes `out`. The thread ends with it, and at once when `signal` aborts. */
export async function runPairStep(context: { readonly project: Project; readonly out: ArtefactWriter; readonly signal: AbortSignal }, pairs: Artefact, step: (connection: Connection<PairStepThread>, call: PairStepCall) => Promise<void>): Promise<void> {
  const { project, out, signal } = context
  signal.throwIfAborted()
  const thread = startThread<PairStepThread>(new URL('./pairSteps.thread.ts', import.meta.url))
  const stop = (): void => thread.connection.close(signal.reason instanceof Error ? signal.reason : new Error('Cancelled'))
  signal.addEventListener('abort', stop, { once: true })
  try {
    await step(thread.connection, { database: join(project.folder, 'project.db'), pairs: pairs.folder, out: out.folder })
  } finally {
    signal.removeEventListener('abort', stop)
    await thread.end()
  }
}
