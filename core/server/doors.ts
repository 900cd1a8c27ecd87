import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { WinnowError } from '../domain/errors.ts'

/** 256 random bits, safe in an address and in a header. */
const newSecret = (): string => randomBytes(32).toString('base64url')

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

/** A token of somebody's own choice. Throws BAD_INPUT. */
export function checkToken(token: string): void {
  if (!/^[\w-]{16,200}$/.test(token)) throw new WinnowError('BAD_INPUT', 'WINNOW_TOKEN must be 16 to 200 letters, digits, - or _. Without one, Winnow makes its own and prints it.')
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]'])
const sessionsKept = 200

export interface Asked {
  readonly method: string
  readonly headers: IncomingHttpHeaders
}

export type Entry = 'bearer' | 'session'

/** Why a request stays outside: a status and a sentence. */
export interface Refusal {
  readonly status: 401 | 403 | 405
  readonly reason: string
}

/**
 * Who may come in. Every request passes `refuse` (Host, Origin, Sec-Fetch-Site, method) and, for anything but the address with its key, `entryOf`.
 *
 * A tunnel (`ssh -L 9000:127.0.0.1:4600`) arrives with its own port in Host, so Host is checked by name; a page of another local server is told apart by
 * Origin, which must equal Host exactly, and by Sec-Fetch-Site, which browsers set themselves.
 */
export class Doors {
  /** Opens the engine for Electron and the CLI (`Authorization: Bearer`). */
  readonly token: string
  /** Cookies ignore ports, so the name carries ours: two engines on one machine do not overwrite each other's sessions. */
  readonly cookieName: string
  readonly #origins: ReadonlySet<string>
  readonly #hosts: ReadonlySet<string>
  /** Digests, the oldest first. */
  readonly #sessions = new Set<string>()
  #key: string | null = null

  /** `origins`: further ones to be accepted, such as `https://gpu.example.org` in front of a tunnel that ends TLS. */
  constructor({ port, token = newSecret(), origins = [] }: { port: number; token?: string; origins?: readonly string[] }) {
    this.token = token
    this.cookieName = `winnow-${port}`
    this.#origins = new Set(origins.map((origin) => new URL(origin).origin))
    this.#hosts = new Set(origins.map((origin) => new URL(origin).host))
  }

  /** What is wrong with a request whoever sends it; null when nothing is. */
  refuse({ method, headers }: Asked, { upgrade = false } = {}): Refusal | null {
    const { host, origin } = headers
    if (!host || !this.#knows(host)) return { status: 403, reason: 'This address is not one of Winnow’s: open it as http://127.0.0.1.' }
    const site = headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      return { status: 403, reason: 'Another page asked for this. Copy the address that Winnow printed into the address bar yourself.' }
    }
    const reading = method === 'GET' || method === 'HEAD'
    if (origin !== undefined && (upgrade || !reading) && !this.#isOwn(origin, host)) return { status: 403, reason: 'Another page asked for this.' }
    // A browser always says where a WebSocket comes from; a program says it with the token instead.
    if (origin === undefined && (upgrade || !reading) && !this.#hasToken(headers)) return { status: 403, reason: 'A request without an Origin needs the token.' }
    if (!reading) return { status: 405, reason: 'Only GET and HEAD are answered here; everything else goes over the WebSocket at /rpc.' }
    return null
  }

  /** How a request proves that it may come in; null when it does not. */
  entryOf({ headers }: Asked): Entry | null {
    if (headers.authorization !== undefined) return this.#hasToken(headers) ? 'bearer' : null
    const session = cookieOf(headers.cookie, this.cookieName)
    return session !== null && this.#sessions.has(digest(session).toString('hex')) ? 'session' : null
  }

  /** A key that opens one session once: the part of the printed address after `?token=`. The one before it stops working. */
  issueKey(): string {
    this.#key = newSecret()
    return this.#key
  }

  /** Turns the key into a session; the Set-Cookie header, or null when the key is not (or no longer) good. */
  exchange(key: string): string | null {
    if (this.#key === null || !same(key, this.#key)) return null
    this.#key = null
    const session = newSecret()
    this.#sessions.add(digest(session).toString('hex'))
    for (const old of this.#sessions) {
      if (this.#sessions.size <= sessionsKept) break
      this.#sessions.delete(old)
    }
    return `${this.cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`
  }

  #knows(host: string): boolean {
    if (this.#hosts.has(host.toLowerCase())) return true
    const parts = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?$/i.exec(host)
    return parts?.[1] !== undefined && loopbackNames.has(parts[1].toLowerCase())
  }

  #isOwn(origin: string, host: string): boolean {
    return origin === `http://${host}` || this.#origins.has(origin)
  }

  #hasToken({ authorization }: IncomingHttpHeaders): boolean {
    const given = /^Bearer ([\w-]{1,200})$/.exec(authorization ?? '')?.[1]
    return given !== undefined && same(given, this.token)
  }
}

/** The value of one cookie; null where it is not there. */
export function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const equals = part.indexOf('=')
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim()
  }
  return null
}
