import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export interface Places {
  /** What belongs to no project: models added, recent projects, settings, the log. */
  readonly home: string
  /** Where new projects go unless the user says otherwise. */
  readonly projects: string
}

/**
 * Where the app keeps its own files: WINNOW_HOME, else the platform's place for application data.
 * With a home of one's own (tests, portable installs) new projects are suggested inside it, so that nothing else is touched.
 */
export function placesOf({ home, env = process.env, platform = process.platform, user = homedir() }: {
  home?: string | undefined
  env?: Readonly<Record<string, string | undefined>>
  platform?: NodeJS.Platform
  user?: string
} = {}): Places {
  const own = home ?? env.WINNOW_HOME
  if (own) return { home: resolve(own), projects: join(resolve(own), 'projects') }
  return { home: platformHome(env, platform, user), projects: join(user, 'Winnow') }
}

function platformHome(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform, user: string): string {
  if (platform === 'win32') return join(env.APPDATA ?? join(user, 'AppData', 'Roaming'), 'Winnow')
  if (platform === 'darwin') return join(user, 'Library', 'Application Support', 'Winnow')
  // The XDG specification: a path that is not absolute must be ignored.
  const data = env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : join(user, '.local', 'share')
  return join(data, 'winnow')
}

/** `~` and `~/…` as a shell would read them; everything else made absolute. */
export function expandPath(path: string, user = homedir()): string {
  const expanded = path === '~' ? user : /^~[/\\]/.test(path) ? join(user, path.slice(2)) : path
  return resolve(expanded)
}
