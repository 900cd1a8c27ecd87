import { RPCHandler } from '@orpc/server/ws'
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Log } from '../app/log.ts'
import { isWinnowError, WinnowError } from '../domain/errors.ts'
import { type Asset, readAssets } from './assets.ts'
import { checkToken, Doors, type Refusal } from './doors.ts'
import { assetPolicy, commonHeaders, dataPolicy, pagePolicy } from './headers.ts'
import { type Health, LoopLag } from './health.ts'
import { answerImage, answerThumb, answerView, type ProjectFiles } from './media.ts'
import { closedPage, notBuiltPage, plainPage, withNonce } from './pages.ts'
import { type EngineRouter, errorBoundary } from './router.ts'

export interface ServerOptions {
  readonly router: EngineRouter
  readonly files: ProjectFiles
  /** The folder of the open project, for /health. */
  readonly project: () => string | null
  readonly version: string
  /** The built renderer. */
  readonly page: string
  readonly log: Log
  /** 0 or absent: any free one. */
  readonly port?: number
  /** One that clients know already (a restart after a crash). */
  readonly token?: string
  /** Further origins that may come in, for an engine behind https. */
  readonly origins?: readonly string[]
  /** Called after an address has been used up, so that a new one can be shown. */
  readonly onAddressUsed?: () => void
}

/** Selections of a million ids fit; nothing larger is ever sent. */
const largestMessage = 64 * 1024 * 1024
const pulseMilliseconds = 30_000

/** HTTP and WebSocket on loopback: the page, pictures by id, views, and the contract at /rpc. */
export class EngineServer {
  readonly #options: ServerOptions
  readonly #http: HttpServer
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage, perMessageDeflate: false })
  readonly #rpc: RPCHandler<Record<never, never>>
  readonly #assets: ReadonlyMap<string, Asset>
  readonly #lag = new LoopLag()
  readonly #alive = new WeakSet<WebSocket>()
  readonly #pulse: NodeJS.Timeout
  readonly #doors: Doors
  readonly url: string

  private constructor(options: ServerOptions, http: HttpServer) {
    const { port } = http.address() as AddressInfo
    this.#options = options
    this.#http = http
    this.#assets = readAssets(options.page)
    this.#doors = new Doors({ port, ...(options.token ? { token: options.token } : {}), origins: options.origins ?? [] })
    this.#rpc = new RPCHandler(options.router, { clientInterceptors: [errorBoundary(options.log) as never] })
    this.url = `http://127.0.0.1:${port}`
    this.#http.on('request', (request, response) => void this.#answer(request, response))
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
    this.#pulse = setInterval(() => this.#beat(), pulseMilliseconds)
    this.#pulse.unref()
  }

  /** Throws UNAVAILABLE where the port is taken or not allowed, BAD_INPUT for a token that no header could carry or anyone could guess. */
  static async listen(options: ServerOptions): Promise<EngineServer> {
    if (options.token !== undefined) checkToken(options.token)
    const http = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 30_000 })
    await new Promise<void>((resolve, reject) => {
      http.once('error', (error: NodeJS.ErrnoException) => reject(portError(options.port, error)))
      http.listen(options.port ?? 0, '127.0.0.1', () => {
        http.removeAllListeners('error')
        resolve()
      })
    })
    return new EngineServer(options, http)
  }

  /** For `Authorization: Bearer`. */
  get token(): string {
    return this.#doors.token
  }

  /** An address that opens one browser session, once; the one given before stops working. */
  newAddress(): string {
    return `${this.url}/?token=${this.#doors.issueKey()}`
  }

  /** How many windows (and attached terminals) are connected. */
  get windows(): number {
    return this.#sockets.clients.size
  }

  health({ reset = false } = {}): Health {
    const memory = process.memoryUsage()
    return {
      ok: true,
      pid: process.pid,
      version: this.#options.version,
      project: this.#options.project(),
      windows: this.windows,
      uptimeSeconds: process.uptime(),
      rssBytes: memory.rss,
      heapBytes: memory.heapUsed,
      lag: this.#lag.read({ reset })
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#pulse)
    this.#lag.close()
    for (const socket of this.#sockets.clients) socket.close(1001, 'The engine ends')
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()))
    this.#http.closeIdleConnections()
    // A window that does not say goodbye must not hold the engine up.
    const timer = setTimeout(() => {
      for (const socket of this.#sockets.clients) socket.terminate()
      this.#http.closeAllConnections()
    }, 300)
    await closed
    clearTimeout(timer)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(commonHeaders)) response.setHeader(name, value)
    try {
      const refusal = this.#doors.refuse({ method: request.method ?? '', headers: request.headers })
      if (refusal) return this.#refuse(request, response, refusal)
      const url = locate(request)
      if (!url) return end(response, 400, 'This is not an address.')
      const key = url.pathname === '/' ? url.searchParams.get('token') : null
      if (key !== null && request.method === 'GET') return this.#openDoor(request, response, key)
      if (!this.#doors.entryOf({ method: 'GET', headers: request.headers })) return this.#refuse(request, response, { status: 401, reason: 'Open the address that Winnow printed.' })
      await this.#route(url, request, response)
    } catch (error) {
      this.#fail(response, request.url ?? '', error)
    }
  }

  async #route(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = url
    if (pathname === '/' || pathname === '/index.html') return this.#page(request, response)
    const asset = this.#assets.get(pathname)
    if (asset) return this.#asset(asset, request, response)
    response.setHeader('Content-Security-Policy', dataPolicy)
    const [, area, name] = /^\/(thumb|image|view)\/([\w-]{1,64})$/.exec(pathname) ?? []
    if (area === 'view' && name) return answerView(this.#options.files, name, request, response)
    const id = name && /^\d{1,15}$/.test(name) ? Number(name) : null
    if (area === 'thumb' && id !== null) return await answerThumb(this.#options.files, id, request, response)
    if (area === 'image' && id !== null) return await answerImage(this.#options.files, id, searchParams.get('size'), request, response)
    if (pathname === '/health') {
      response.setHeader('Cache-Control', 'no-store')
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify(this.health({ reset: searchParams.has('reset') })))
      return
    }
    return end(response, 404, 'There is nothing here.')
  }

  /** The address with its key becomes a session cookie, and leaves the address bar. */
  #openDoor(request: IncomingMessage, response: ServerResponse, key: string): void {
    const cookie = this.#doors.exchange(key)
    if (cookie === null && !this.#doors.entryOf({ method: 'GET', headers: request.headers })) {
      return this.#refuse(request, response, { status: 401, reason: 'This address has been used. Open the newest one that Winnow printed.' })
    }
    if (cookie !== null) response.setHeader('Set-Cookie', cookie)
    response.setHeader('Location', '/')
    response.setHeader('Cache-Control', 'no-store')
    response.writeHead(303).end()
    if (cookie !== null) this.#options.onAddressUsed?.()
  }

  #page(request: IncomingMessage, response: ServerResponse): void {
    const html = this.#assets.get('/index.html')?.bytes.toString('utf8')
    const nonce = randomBytes(16).toString('base64url')
    const host = request.headers.host ?? ''
    response.setHeader('Content-Security-Policy', pagePolicy(nonce, host, !/^(127\.0\.0\.1|localhost|\[::1\])(:|$)/i.test(host)))
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.setHeader('Cache-Control', 'no-store')
    response.statusCode = html === undefined ? 503 : 200
    response.end(html === undefined ? notBuiltPage : withNonce(html, nonce))
  }

  #asset({ bytes, type, etag, immutable }: Asset, request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('Content-Security-Policy', assetPolicy)
    response.setHeader('Content-Type', type)
    response.setHeader('Cache-Control', immutable ? 'private, max-age=31536000, immutable' : 'private, no-cache')
    response.setHeader('ETag', etag)
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end()
    else response.end(bytes)
  }

  #refuse(request: IncomingMessage, response: ServerResponse, { status, reason }: Refusal): void {
    response.setHeader('Content-Security-Policy', dataPolicy)
    response.setHeader('Cache-Control', 'no-store')
    if (status === 405) response.setHeader('Allow', 'GET, HEAD')
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer')
    const readByAPerson = request.headers.accept?.includes('text/html') === true
    if (!readByAPerson) return end(response, status, reason)
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.writeHead(status).end(status === 401 ? closedPage : plainPage('Winnow did not answer this', reason))
  }

  #fail(response: ServerResponse, path: string, error: unknown): void {
    // A picture that cannot be decoded is the picture's state, not our mistake.
    const undecodable = error instanceof Error && error.name === 'DecodeFailure'
    const known = isWinnowError(error)
    if (!known && !undecodable) this.#options.log.error(`${path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    if (response.headersSent) {
      response.destroy()
      return
    }
    end(response, known && error.code === 'NOT_FOUND' ? 404 : known || undecodable ? 422 : 500, known || undecodable ? error.message : 'This could not be read. The reason is in Winnow’s log.')
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const asked = { method: request.method ?? '', headers: request.headers }
    const refusal = this.#doors.refuse(asked, { upgrade: true })
    const status = refusal?.status ?? (locate(request)?.pathname === '/rpc' ? (this.#doors.entryOf(asked) ? null : 401) : 404)
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      this.#alive.add(client)
      client.on('pong', () => this.#alive.add(client))
      client.on('error', () => client.terminate())
      void this.#rpc.upgrade(client, { context: {} })
    })
  }

  /** A line that is dead without saying so (a closed laptop behind a tunnel) is let go, and its streams with it. */
  #beat(): void {
    for (const client of this.#sockets.clients) {
      if (!this.#alive.delete(client)) client.terminate()
      else client.ping()
    }
  }
}

function portError(port: number | undefined, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EADDRINUSE') return new WinnowError('UNAVAILABLE', `Port ${port} on 127.0.0.1 is in use. Choose another one, or none: then a free one is taken.`)
  if (error.code === 'EACCES' || error.code === 'ERR_SOCKET_BAD_PORT') return new WinnowError('UNAVAILABLE', `Port ${port} cannot be used here. Choose one between 1024 and 65535.`)
  return error
}

function locate(request: IncomingMessage): URL | null {
  // Only paths: an absolute address in the request line is a proxy's business.
  return request.url?.startsWith('/') && !request.url.startsWith('//') ? URL.parse(request.url, 'http://127.0.0.1') : null
}

function end(response: ServerResponse, status: number, text: string): void {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.setHeader('Cache-Control', 'no-store')
  response.writeHead(status).end(`${text}\n`)
}
