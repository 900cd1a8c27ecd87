import { fileURLToPath } from 'node:url'
import type { App } from '../app/app.ts'
import { version } from '../app/appService.ts'
import type { Log } from '../app/log.ts'
import { projectFiles } from './projectFiles.ts'
import { createRouter } from './router.ts'
import { EngineServer, type ServerOptions } from './server.ts'

/** The built renderer beside the engine's files. */
const builtPage = fileURLToPath(new URL('../../renderer/dist', import.meta.url))

/** Serves an app; whatever project is open says in its folder how a terminal may attach. */
export async function serveApp(app: App, options: Pick<ServerOptions, 'port' | 'token' | 'origins' | 'onAddressUsed'> & { readonly log: Log; readonly page?: string }): Promise<EngineServer> {
  const server = await EngineServer.listen({
    page: builtPage,
    ...options,
    router: createRouter(app.services),
    files: projectFiles(app.engine),
    project: () => app.engine.open?.project.folder ?? null,
    version
  })
  const announce = (): void => app.engine.open?.project.announce(server.url, server.token)
  app.project.onProject(announce)
  announce()
  return server
}
