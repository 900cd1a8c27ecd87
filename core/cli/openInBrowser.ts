import { spawn } from 'node:child_process'

/** Opens an address in the user's browser; false where there is no display to show one on. It never waits and never fails the caller. */
export function openInBrowser(address: string, env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): boolean {
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return false
  const [command, ...args] = platform === 'darwin' ? ['open', address] : platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler', address] : ['xdg-open', address]
  if (!command) return false
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
  return true
}
