import { type Command, InvalidArgumentError } from 'commander'
import { resolve } from 'node:path'
import { exitCodeOf, exitCodes } from './exitCodes.ts'
import { type Globals, type Session, withEngine, withProject } from './session.ts'
import { type Outcome, Terminal } from './terminal.ts'

/** Ends the process once everything written has gone out (a pipe may be slow). */
export function leave(code: number): void {
  process.exitCode = code
  process.stdout.write('', () => process.exit(code))
}

export interface Working {
  readonly session: Session
  readonly terminal: Terminal
  readonly globals: Globals
}

async function finish(terminal: Terminal, work: () => Promise<Outcome>): Promise<void> {
  let code: number
  try {
    const outcome = await work()
    terminal.result(outcome)
    code = outcome.code ?? exitCodes.ok
  } catch (error) {
    code = tell(terminal, error)
  }
  leave(code)
}

/** An error as the user reads it; returns the exit code. */
export function tell(terminal: Terminal, error: unknown): number {
  const { code, message, data } = (error ?? {}) as { code?: unknown; message?: unknown; data?: unknown }
  // A value that only the command itself could check is wrong as any other argument is.
  const known = error instanceof InvalidArgumentError ? 'BAD_INPUT' : typeof code === 'string' ? code : 'UNEXPECTED'
  terminal.error({ code: known, message: typeof message === 'string' ? message : String(error), ...(data === undefined || data === null ? {} : { data }) })
  return exitCodeOf(known)
}

const programOf = (command: Command): string => {
  const names: string[] = []
  for (let at: Command | null = command; at; at = at.parent) names.unshift(at.name())
  return names.join(' ')
}

/** Runs a command that needs no engine, and ends the process. */
export async function onNothing(command: Command, work: (working: Pick<Working, 'terminal'>) => Promise<Outcome>): Promise<void> {
  const terminal = new Terminal(command.optsWithGlobals<Globals>())
  await finish(terminal, async () => await work({ terminal }))
}

/** Runs a command that needs no project, and ends the process. */
export async function onEngine(command: Command, work: (working: Working) => Promise<Outcome>): Promise<void> {
  const globals = command.optsWithGlobals<Globals>()
  const terminal = new Terminal(globals)
  await finish(terminal, async () => await withEngine(globals, programOf(command), async (session) => await work({ session, terminal, globals })))
}

/** Runs a command on a project, and ends the process. */
export async function onProject(command: Command, folder: string, work: (working: Working) => Promise<Outcome>): Promise<void> {
  const globals = command.optsWithGlobals<Globals>()
  const terminal = new Terminal(globals)
  const place = folder === '-' ? folder : resolve(folder)
  await finish(terminal, async () => await withProject(globals, programOf(command), place, terminal, async (session) => await work({ session, terminal, globals })))
}
