import { realpath } from 'node:fs/promises'
import { keepCompiledCode } from '../app/codeCache.ts'
import { placesOf } from '../app/home.ts'
import { stderrLog } from '../app/log.ts'
import { WinnowError } from '../domain/errors.ts'
import type { ContractClient } from '../server/router.ts'
import { attach } from './attach.ts'
import type { Terminal } from './terminal.ts'

/** What a command works through: the contract, in process or in an engine that runs already. */
export interface Session {
  readonly client: ContractClient
  /** The address of the engine it is attached to; null in process. */
  readonly engine: string | null
  /** The ids of a view (they travel outside the contract). */
  ids(viewId: string): Promise<Int32Array>
  close(): Promise<void>
}

/** The options that every command has. */
export interface Globals {
  readonly json?: boolean
  readonly quiet?: boolean
  readonly home?: string
  readonly engine?: string
  readonly token?: string
  readonly workers?: number
}

/** Does `work` without a project: models, recent projects. */
export async function withEngine<T>(globals: Globals, program: string, work: (session: Session) => Promise<T>): Promise<T> {
  const session = globals.engine ? await attachAsAsked(globals) : await startLocal(globals, program)
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

/**
 * Does `work` with a project open: in process where nobody else holds it, otherwise through the engine that does.
 * Throws NOT_FOUND, LOCKED (held by a process that serves no one), UNAVAILABLE.
 */
export async function withProject<T>(globals: Globals, program: string, folder: string, terminal: Terminal, work: (session: Session) => Promise<T>): Promise<T> {
  if (globals.engine) {
    return await withEngine(globals, program, async (session) => {
      await enterRemote(session, folder)
      return await work(session)
    })
  }
  const local = await startLocal(globals, program)
  let attached: Session | null = null
  try {
    try {
      await local.client.project.open({ folder })
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'LOCKED') throw error
      attached = await attachToHolder(folder, error as Error, terminal)
    }
    return await work(attached ?? local)
  } finally {
    await attached?.close()
    await local.close()
  }
}

async function startLocal({ home, workers }: Globals, program: string): Promise<Session> {
  const places = placesOf({ home })
  keepCompiledCode(places.home)
  // Loaded only now, so that --help answers at once.
  const [{ App }, { createRouter, localClient }] = await Promise.all([import('../app/app.ts'), import('../server/router.ts')])
  const app = new App({ places, program, face: 'browser', log: stderrLog, resumeJobs: false, ...(workers === undefined ? {} : { visionWorkers: workers }) })
  return {
    client: localClient(createRouter(app.services), stderrLog),
    engine: null,
    ids: (viewId) => Promise.resolve(app.engine.current.views.get(viewId)),
    close: async () => await app.close()
  }
}

async function attachAsAsked({ engine, token = process.env.WINNOW_TOKEN }: Globals): Promise<Session> {
  if (!token) throw new WinnowError('BAD_INPUT', '--engine needs --token, or WINNOW_TOKEN: "winnow serve" prints it on the machine where the engine runs.')
  return await attach(engine ?? '', token)
}

/** With `-` whatever that engine has open; otherwise that project, if this does not take another one out of somebody's hands. */
async function enterRemote({ client }: Session, folder: string): Promise<void> {
  const open = await client.project.current()
  if (folder === '-') {
    if (!open) throw new WinnowError('NOT_FOUND', 'No project is open in that engine. Name one.')
    return
  }
  if (open && (open.folder === folder || open.folder === `${folder}.winnow`)) return
  if (open) throw new WinnowError('CONFLICT', `That engine has ${open.folder} open. Write - for it, or close it there first.`)
  await client.project.open({ folder })
}

async function attachToHolder(folder: string, locked: Error, terminal: Terminal): Promise<Session> {
  const [{ readEndpoint }, { projectAt }] = await Promise.all([import('../project/lock.ts'), import('../app/projectService.ts')])
  const path = projectAt(folder)
  const endpoint = readEndpoint(path)
  if (!endpoint?.url || !endpoint.token) throw new WinnowError('LOCKED', locked.message)
  const session = await attach(endpoint.url, endpoint.token)
  const open = await session.client.project.current()
  // The file may be older than what that engine does now.
  if (!open || (await realpath(open.folder).catch(() => open.folder)) !== (await realpath(path))) {
    await session.close()
    throw new WinnowError('LOCKED', locked.message)
  }
  terminal.note(`Working through ${endpoint.program} (process ${endpoint.pid}), which has this project open.`)
  return session
}
