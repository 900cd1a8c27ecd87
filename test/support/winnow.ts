import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const core = fileURLToPath(new URL('../../core/', import.meta.url))

/** Compiled once for all the processes of all tests. */
const shared = { WINNOW_TOKEN: undefined, NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/winnow-tests', import.meta.url)) }

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** stdout as the one JSON document it must be. */
  readonly json: () => unknown
}

/** Starts the command line as a real process, with its own home. */
export function startWinnow(home: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): { child: ChildProcess; ended: Promise<Ran> } {
  const child = spawn(process.execPath, [join(core, 'cli', 'main.ts'), '--home', home, ...args], { env: { ...process.env, ...shared, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()))
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr, json: () => JSON.parse(stdout) as unknown }))
  return { child, ended }
}

/** Runs the command line to its end. */
export const winnow = async (home: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ran> => await startWinnow(home, args, env).ended

/** Resolves when what a process says on stderr contains `text`. */
export async function says(child: ChildProcess, text: string): Promise<void> {
  let heard = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (part: Buffer) => {
      heard += part.toString()
      if (heard.includes(text)) resolve()
    })
    child.once('close', () => reject(new Error(`It never said "${text}", but: ${heard}`)))
  })
}

export interface StartedEngine {
  readonly child: ChildProcess
  readonly url: string
  readonly token: string
  readonly address: string
  readonly ended: Promise<unknown>
}

/** Starts the engine process as Electron does: forked, with an IPC channel. */
export async function startEngine(home: string, args: readonly string[] = []): Promise<StartedEngine> {
  const child = fork(join(core, 'server', 'main.ts'), ['--home', home, ...args], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced', env: { ...process.env, ...shared } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  const listening = new Promise<StartedEngine>((resolve, reject) => {
    child.on('message', (message: { type: string; url: string; token: string; address: string }) => {
      if (message.type === 'listening') resolve({ child, url: message.url, token: message.token, address: message.address, ended })
    })
    child.once('exit', (code) => reject(new Error(`The engine ended with ${code} before it listened`)))
  })
  return await listening
}
