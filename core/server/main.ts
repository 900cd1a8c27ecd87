/** The engine process: everything behind one port on loopback. Started by Electron (with an IPC channel) or by hand. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { App } from '../app/app.ts'
import { keepCompiledCode } from '../app/codeCache.ts'
import { placesOf } from '../app/home.ts'
import { fileLog } from '../app/log.ts'
import { isWinnowError } from '../domain/errors.ts'
import { serveApp } from './serveApp.ts'

// Whoever started this may be gone, and with it the other end of these pipes: that must not end a commit half way.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    home: { type: 'string' },
    project: { type: 'string' },
    program: { type: 'string', default: 'Winnow' },
    origin: { type: 'string', multiple: true }
  }
})

const places = placesOf({ home: values.home })
keepCompiledCode(places.home)
const log = fileLog(join(places.home, 'engine.log'))
const app = new App({ places, program: values.program, face: process.send ? 'desktop' : 'browser', log, resumeJobs: true })

const wasForked = process.send !== undefined
const say = (message: object): void => {
  if (process.send) {
    if (process.connected) process.send(message)
  } else process.stdout.write(`${JSON.stringify(message)}\n`)
}

process.on('unhandledRejection', (reason) => log.error(`unhandled: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`))

// Read once and taken out, so that no child process inherits it.
const { WINNOW_TOKEN: token } = process.env
delete process.env.WINNOW_TOKEN

/** Opens what was named at the start. Resolves with what went wrong, or null. */
async function openNamed(folder: string): Promise<object | null> {
  try {
    await app.project.open({ folder })
    return null
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    log.error(`${folder}: ${message}`)
    return { type: 'problem', code: isWinnowError(error) ? error.code : 'UNEXPECTED', message }
  }
}

const openPatienceMilliseconds = 3000
app.project.onProject((open) => say({ type: 'project', folder: open?.project.folder ?? null }))
// A window that comes back after a crash must not find the engine without its project. Only a long opening (a migration) is not waited for.
const opening = values.project ? openNamed(values.project) : null
if (opening) await Promise.race([opening, pause(openPatienceMilliseconds, null, { ref: false })])

const server = await serveApp(app, {
  log,
  ...(values.port ? { port: Number(values.port) } : {}),
  ...(token ? { token } : {}),
  ...(values.origin ? { origins: values.origin } : {}),
  onAddressUsed: () => say({ type: 'address', address: server.newAddress() })
})

let ending = false
/** Ends after the commit under way; running jobs stop at their next step and go on when the project opens again. */
async function end(): Promise<void> {
  if (ending) return
  ending = true
  // A job that does not stop must not keep a window waiting for ever; what it had committed is safe.
  setTimeout(() => process.exit(0), 8000).unref()
  try {
    await server.close()
    await app.close()
  } catch (error) {
    log.error(`closing: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }
  process.exit(0)
}
process.on('SIGINT', () => void end())
process.on('SIGTERM', () => void end())
process.on('disconnect', () => void end())

// Whoever started this may have gone while the project was opening.
if (wasForked && !process.connected) void end()

say({ type: 'listening', url: server.url, token: server.token, address: server.newAddress() })
const problem = await opening
if (problem) say(problem)
