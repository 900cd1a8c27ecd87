import { type Command, InvalidArgumentError } from 'commander'
import { join, resolve } from 'node:path'
import { keepCompiledCode } from '../../app/codeCache.ts'
import { placesOf } from '../../app/home.ts'
import { fileLog } from '../../app/log.ts'
import { WinnowError } from '../../domain/errors.ts'
import { portNumber } from '../arguments.ts'
import { exitCodes } from '../exitCodes.ts'
import { openInBrowser } from '../openInBrowser.ts'
import { leave, tell } from '../run.ts'
import type { Globals } from '../session.ts'
import { Terminal } from '../terminal.ts'

interface Options {
  readonly port?: number
  readonly open?: boolean
  readonly origin?: string[]
}

const origin = (text: string, before: string[] = []): string[] => {
  const url = URL.parse(text)
  if (url?.protocol !== 'https:') throw new InvalidArgumentError('It must be an https address, such as https://gpu.example.org.')
  return [...before, url.origin]
}

/** serve: the app in the browser, on this machine's own network address only. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .argument('[project]', 'a project to open at once')
    .description('run the app in the browser')
    .option('--port <number>', 'the port on 127.0.0.1 (otherwise a free one)', portNumber)
    .option('--open', 'open the browser, where there is one')
    .option('--origin <https-address>', 'also answer to this address, for an engine behind https (may be given more than once)', origin)
    .addHelpText(
      'after',
      `
It listens on 127.0.0.1 only. The printed address opens one window once; after that a new one is printed.

On another machine (a GPU server), through a tunnel:
  server$ winnow serve --port 4600
  laptop$ ssh -L 4600:127.0.0.1:4600 server
Then open the printed address on the laptop, or start the desktop app with --engine http://127.0.0.1:4600 --token TOKEN.
A token of your own choice (16 or more letters, digits, - and _) can be given in WINNOW_TOKEN.`
    )
    .action(async (project: string | undefined, options: Options, command: Command) => {
      const globals = command.optsWithGlobals<Globals>()
      const terminal = new Terminal(globals)
      try {
        await serve(project, options, globals, terminal)
      } catch (error) {
        leave(tell(terminal, error))
      }
    })
}

async function serve(project: string | undefined, options: Options, globals: Globals, terminal: Terminal): Promise<void> {
  if (globals.engine) throw new WinnowError('BAD_INPUT', `Here the app would open in a browser, with an engine of its own. To see the engine at ${globals.engine}, open the address that it printed.`)
  const places = placesOf({ home: globals.home })
  keepCompiledCode(places.home)
  const [{ App }, { serveApp }] = await Promise.all([import('../../app/app.ts'), import('../../server/serveApp.ts')])
  const log = fileLog(join(places.home, 'engine.log'))
  const { WINNOW_TOKEN: token } = process.env
  delete process.env.WINNOW_TOKEN
  const app = new App({ places, program: 'winnow serve', face: 'browser', log, resumeJobs: true, ...(globals.workers === undefined ? {} : { visionWorkers: globals.workers }) })
  const server = await serveApp(app, {
    log,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(token ? { token } : {}),
    ...(options.origin ? { origins: options.origin } : {}),
    onAddressUsed: () => terminal.note(`A window has opened. For another one: ${server.newAddress()}`)
  })

  let ending = false
  const end = (): void => {
    if (ending) process.exit(exitCodes.cancelled)
    ending = true
    terminal.note('Ending after the commit under way. Jobs go on when the project opens again.')
    setTimeout(() => process.exit(exitCodes.ok), 8000).unref()
    void server
      .close()
      .then(async () => await app.close())
      .catch((error: unknown) => log.error(String(error)))
      .finally(() => leave(exitCodes.ok))
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  process.on('SIGHUP', end)
  process.on('unhandledRejection', (reason) => log.error(`unhandled: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`))

  try {
    if (project !== undefined) await app.project.open({ folder: resolve(project) })
  } catch (error) {
    await server.close()
    await app.close()
    throw error
  }
  const address = server.newAddress()
  terminal.result({
    json: { type: 'listening', url: server.url, token: server.token, address, pid: process.pid },
    text: [`Winnow is running. Open this address (it works once; a new one follows):`, '', `  ${address}`, '', `For the desktop app or another terminal: --engine ${server.url} --token ${server.token}`, 'Ctrl-C ends it.'].join('\n')
  })
  if (options.open && !openInBrowser(address)) terminal.note('There is no browser to open here: use the address above.')
}
