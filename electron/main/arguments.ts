import type { EngineAddress } from './engineProcess.ts'

export interface Arguments {
  /** A project folder to open at once. */
  readonly project: string | null
  /** An engine that runs elsewhere, instead of one of our own. */
  readonly remote: EngineAddress | null
  readonly home: string | undefined
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Only loopback (a tunnel ends there) or https: anything else would send the token and the pictures in the clear. Throws with what to do. */
export function checkRemote(url: string, token: string | undefined): EngineAddress {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw new Error(`--engine ${url} is not an address. Give it like http://127.0.0.1:4600.`)
  }
  if (parsed.protocol !== 'https:' && !(parsed.protocol === 'http:' && loopback.has(parsed.hostname))) {
    throw new Error(`--engine ${url}: only https, or http to 127.0.0.1 (for example through "ssh -L 4600:127.0.0.1:4600 server"), so that the token never travels in the clear.`)
  }
  if (!token) throw new Error('--engine needs --token (or WINNOW_TOKEN): "winnow serve" prints it on the machine where the engine runs.')
  return { url: parsed.origin, token }
}

const flags = ['--engine', '--token', '--home'] as const

export function parseArguments(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Arguments {
  const values = new Map<string, string>()
  const rest: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? ''
    const flag = flags.find((name) => arg === name || arg.startsWith(`${name}=`))
    if (flag) values.set(flag, arg === flag ? (argv[++i] ?? '') : arg.slice(flag.length + 1))
    else if (!arg.startsWith('-')) rest.push(arg)
  }
  const engine = values.get('--engine')
  return {
    project: rest.find((arg) => arg.endsWith('.winnow')) ?? null,
    remote: engine ? checkRemote(engine, values.get('--token') ?? env.WINNOW_TOKEN) : null,
    home: values.get('--home') ?? env.WINNOW_HOME
  }
}
