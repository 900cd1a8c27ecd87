import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { onTestFinished, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { ChangeHub } from '../../../core/app/changeHub.ts'
import type { Log } from '../../../core/app/log.ts'
import { WinnowError } from '../../../core/domain/errors.ts'
import { readImageFile } from '../../../core/images/readImageFile.ts'
import { type ContractClient, createRouter } from '../../../core/server/router.ts'
import { EngineServer } from '../../../core/server/server.ts'
import { fakeServices } from '../../support/fakeServices.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly bytes: Buffer
}

/** One request as written: no client library tidies its path or headers. */
async function ask(server: EngineServer, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { port, host } = new URL(server.url)
  return await new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers: { host, ...headers }, setDefaultHeaders: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const bytes = Buffer.concat(parts)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes.toString(), bytes })
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}

const picture = Buffer.from('not really a picture, but bytes')

async function start({ page }: { page?: string } = {}) {
  const folder = temporaryFolder('server')
  const renderer = page ?? join(folder, 'dist')
  mkdirSync(join(renderer, 'assets'), { recursive: true })
  writeFileSync(join(renderer, 'index.html'), '<!doctype html><html><head><title>Winnow</title></head><body></body></html>')
  writeFileSync(join(renderer, 'assets', 'index-B1x2Y3z4.js'), 'export {}')
  writeFileSync(join(renderer, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  writeFileSync(join(renderer, '.env'), 'SECRET=1')
  writeFileSync(join(folder, 'outside.txt'), 'outside')
  writeFileSync(join(folder, 'photo é.jpg'), picture)
  const hub = new ChangeHub()
  const lines: string[] = []
  const log: Log = { error: (text) => void lines.push(text), info: (text) => void lines.push(text), place: 'the log' }
  const used: string[] = []
  const services = fakeServices({
    project: {
      open: ({ folder: wanted }: { folder: string }) => {
        if (wanted === 'locked') throw new WinnowError('LOCKED', 'It is open in Winnow.', { pid: 7, token: 'secret' })
        throw new TypeError('a mistake of ours')
      },
      current: () => null
    }
  }, hub)
  const server: EngineServer = await EngineServer.listen({
    router: createRouter(services),
    files: {
      thumb: async (id) => (id === 1 ? { bytes: picture, type: 'image/webp' } : null),
      image: async (id, size) => (id !== 1 ? null : size ? { bytes: Buffer.from(`size ${size}`), type: 'image/jpeg' } : { path: Buffer.from(join(folder, 'photo é.jpg')), type: 'image/jpeg', version: 'abc' }),
      view: (viewId) => {
        if (viewId !== 'all') throw new WinnowError('NOT_FOUND', 'This view is no longer held by the engine. Load the list again.')
        return Int32Array.of(1, 258, -1)
      }
    },
    project: () => '/p.winnow',
    version: '0.0.0',
    page: renderer,
    log,
    onAddressUsed: () => void used.push(server.newAddress())
  })
  onTestFinished(async () => await server.close())
  const bearer = { authorization: `Bearer ${server.token}` }
  return { server, hub, lines, used, folder, bearer }
}

async function session(server: EngineServer): Promise<Record<string, string>> {
  const address = new URL(server.newAddress())
  const { headers } = await ask(server, `${address.pathname}${address.search}`)
  return { cookie: (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '' }
}

test('the printed address opens one session, leaves the address bar, and does not work twice', async () => {
  const { server, used } = await start()
  const address = new URL(server.newAddress())
  const path = `${address.pathname}${address.search}`
  const first = await ask(server, path)
  expect(first).toMatchObject({ status: 303, headers: { location: '/', 'cache-control': 'no-store' } })
  const cookie = (first.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? ''
  expect(first.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict; Path=\/$/)
  expect(used).toHaveLength(1)
  expect((await ask(server, '/', { cookie })).status).toBe(200)
  expect((await ask(server, path)).status).toBe(401)
  // Reloading the old address in the window that is in already does no harm.
  expect((await ask(server, path, { cookie })).status).toBe(303)
  expect((await ask(server, new URL(used[0] ?? '').search.replace('?', '/?'))).status).toBe(303)
})

test('without a session or the token nothing is answered, and a person is told what to do', async () => {
  const { server } = await start()
  for (const path of ['/', '/assets/index-B1x2Y3z4.js', '/thumb/1', '/image/1', '/view/all', '/health', '/nothing']) expect((await ask(server, path)).status, path).toBe(401)
  const { status, body, headers } = await ask(server, '/', { accept: 'text/html' })
  expect(status).toBe(401)
  expect(headers['content-type']).toBe('text/html; charset=utf-8')
  expect(body).toContain('Open the address that Winnow printed')
  expect((await ask(server, '/?token=guess', { accept: 'text/html' })).status).toBe(401)
  expect((await ask(server, `/?token=${server.token}`)).status).toBe(401)
})

test('a session and the token both come in; a cookie of another port does not', async () => {
  const { server, bearer } = await start()
  const own = await session(server)
  expect((await ask(server, '/health', own)).status).toBe(200)
  expect((await ask(server, '/health', bearer)).status).toBe(200)
  const { port } = new URL(server.url)
  expect((await ask(server, '/health', { cookie: (own['cookie'] ?? '').replace(port, String(Number(port) + 1)) })).status).toBe(401)
})

test('a strange Host, Origin, Sec-Fetch-Site or method is refused even with the token', async () => {
  const { server, bearer } = await start()
  expect((await ask(server, '/health', { ...bearer, host: 'rebound.example' })).status).toBe(403)
  expect((await ask(server, '/thumb/1', { ...bearer, 'sec-fetch-site': 'same-site' })).status).toBe(403)
  expect((await ask(server, '/thumb/1', { ...bearer, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await ask(server, '/thumb/1', { ...bearer, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  const post = await ask(server, '/health', bearer, 'POST')
  expect(post).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  expect((await ask(server, '/health', { ...bearer, origin: 'http://127.0.0.1:1' }, 'POST')).status).toBe(403)
})

test.each(['/../outside.txt', '/..%2foutside.txt', '/assets/../../outside.txt', '/assets/%2e%2e/%2e%2e/outside.txt', '/assets/..\\..\\outside.txt', '/assets', '/assets/', '/.env', '//outside.txt', '/thumb/../outside.txt', '/thumb/1/', '/thumb/-1', '/thumb/1.5', '/thumb/99999999999999999999', '/image/..%2f..%2foutside.txt', '/index.html%00.js', 'http://evil.example/outside.txt'])(
  '%s leads nowhere',
  async (path) => {
    const { server, bearer } = await start()
    const { status, body } = await ask(server, path, bearer)
    expect([400, 404]).toContain(status)
    expect(body).not.toMatch(/^outside$|SECRET|Index of/m)
  }
)

test('the page is strict: a fresh nonce in its policy and its meta tag, nothing from elsewhere', async () => {
  const { server } = await start()
  const own = await session(server)
  const [first, second] = [await ask(server, '/', own), await ask(server, '/', own)]
  const policy = String(first.headers['content-security-policy'])
  const nonce = /style-src 'self' 'nonce-([\w-]{22})'/.exec(policy)?.[1] ?? ''
  expect(first.body).toContain(`<meta name="csp-nonce" content="${nonce}" />`)
  expect(second.body).not.toContain(nonce)
  const { host } = new URL(server.url)
  for (const part of ["default-src 'self'", "script-src 'self'", "img-src 'self' data: blob:", `connect-src 'self' ws://${host}`, "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'none'"]) expect(policy.split('; ')).toContain(part)
  expect(first.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-resource-policy': 'same-origin', 'cross-origin-opener-policy': 'same-origin', 'cache-control': 'no-store' })
})

test('files with a hash in their name are kept for ever, others are asked for again', async () => {
  const { server, bearer } = await start()
  const script = await ask(server, '/assets/index-B1x2Y3z4.js', bearer)
  expect(script).toMatchObject({ status: 200, body: 'export {}', headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'private, max-age=31536000, immutable' } })
  const icon = await ask(server, '/icon.svg', bearer)
  expect(icon.headers['cache-control']).toBe('private, no-cache')
  expect((await ask(server, '/icon.svg', { ...bearer, 'if-none-match': String(icon.headers['etag']) })).status).toBe(304)
})

test('pictures come by id alone, with an ETag, and may do nothing on their own', async () => {
  const { server, bearer } = await start()
  for (const path of ['/thumb/1', '/image/1']) {
    const answer = await ask(server, path, bearer)
    expect(answer.status).toBe(200)
    expect(answer.bytes.equals(picture)).toBe(true)
    expect(answer.headers).toMatchObject({ 'cache-control': 'private, no-cache', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox", 'content-length': String(picture.length) })
    const again = await ask(server, path, { ...bearer, 'if-none-match': String(answer.headers['etag']) })
    expect(again).toMatchObject({ status: 304, body: '' })
    expect((await ask(server, path, bearer, 'HEAD')).body).toBe('')
  }
  expect((await ask(server, '/image/1?size=640', bearer)).body).toBe('size 640')
  expect((await ask(server, '/image/1?size=-4', bearer)).status).toBe(422)
  expect((await ask(server, '/thumb/1?v=abc', bearer)).headers['cache-control']).toBe('private, max-age=3600')
  expect((await ask(server, '/thumb/2', bearer)).status).toBe(404)
})

test('a picture that changed on disk is not taken for the old one', async () => {
  const { server, bearer, folder } = await start()
  const { headers } = await ask(server, '/image/1', bearer)
  writeFileSync(join(folder, 'photo é.jpg'), 'changed since')
  expect(await ask(server, '/image/1', { ...bearer, 'if-none-match': String(headers['etag']) })).toMatchObject({ status: 200, body: 'changed since' })
})

test.skipIf(process.platform === 'win32')('a pipe in place of a picture holds nobody up', async () => {
  const { server, folder, bearer } = await start()
  rmSync(join(folder, 'photo é.jpg'))
  execFileSync('mkfifo', [join(folder, 'photo é.jpg')])
  // More at once than the engine has threads for files.
  const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(async () => await ask(server, '/image/1', bearer)))
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404])
  await expect(readImageFile(Buffer.from(join(folder, 'photo é.jpg')))).rejects.toMatchObject({ name: 'DecodeFailure', failure: 'unreadable' })
})

test('a view is its ids as little-endian Int32', async () => {
  const { server, bearer } = await start()
  const { bytes, headers } = await ask(server, '/view/all', bearer)
  expect([...bytes]).toEqual([1, 0, 0, 0, 2, 1, 0, 0, 255, 255, 255, 255])
  expect(headers).toMatchObject({ 'content-type': 'application/octet-stream', 'cache-control': 'no-store' })
  expect(await ask(server, '/view/gone', bearer)).toMatchObject({ status: 404, body: 'This view is no longer held by the engine. Load the list again.\n' })
})

test('health says how late the event loop runs', async () => {
  const { server, bearer } = await start()
  const health = JSON.parse((await ask(server, '/health', bearer)).body) as unknown
  expect(health).toMatchObject({ ok: true, pid: process.pid, project: '/p.winnow', windows: 0, lag: { p50: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) } })
})

test('where the window has not been built, it says so', async () => {
  const folder = temporaryFolder('empty')
  const server = await EngineServer.listen({ router: createRouter(fakeServices({})), files: { thumb: async () => null, image: async () => null, view: () => new Int32Array() }, project: () => null, version: '0', page: join(folder, 'none'), log: { error: () => undefined, info: () => undefined, place: '' } })
  onTestFinished(async () => await server.close())
  const answer = await ask(server, '/', { authorization: `Bearer ${server.token}` })
  expect(answer.status).toBe(503)
  expect(answer.body).toContain('npm run build')
})

function open(server: EngineServer, headers: Record<string, string>, path = '/rpc'): WebSocket {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, { headers })
  onTestFinished(() => socket.terminate())
  return socket
}

async function refusedWith(server: EngineServer, headers: Record<string, string>, path?: string): Promise<number> {
  const [, response] = (await once(open(server, headers, path).on('error', () => undefined), 'unexpected-response')) as [unknown, { statusCode: number }]
  return response.statusCode
}

test('the WebSocket has the same doors, and its Origin must match exactly', async () => {
  const { server, bearer } = await start()
  const own = await session(server)
  const origin = server.url
  expect(await refusedWith(server, { origin })).toBe(401)
  expect(await refusedWith(server, own)).toBe(403)
  expect(await refusedWith(server, { ...own, origin: 'http://127.0.0.1:1' })).toBe(403)
  expect(await refusedWith(server, { ...own, origin: origin.replace('127.0.0.1', 'localhost') })).toBe(403)
  expect(await refusedWith(server, { ...bearer, host: 'rebound.example' })).toBe(403)
  expect(await refusedWith(server, { ...own, origin, 'sec-fetch-site': 'same-site' })).toBe(403)
  expect(await refusedWith(server, bearer, '/elsewhere')).toBe(404)
  await once(open(server, { ...own, origin }), 'open')
  await once(open(server, bearer), 'open')
  expect(server.windows).toBe(2)
})

test('errors keep code and sentence over the wire; our own mistakes get a reference, secrets stay', async () => {
  const { server, bearer, lines } = await start()
  const client: ContractClient = createORPCClient(new RPCLink({ websocket: open(server, bearer) as never }))
  expect(await client.project.current()).toBeNull()
  await expect(client.roots.list()).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'No project is open. Open or create one first.' })
  await expect(client.project.open({ folder: 'locked' })).rejects.toMatchObject({ code: 'LOCKED', message: 'It is open in Winnow.', data: { pid: 7 } })
  await expect(client.project.open({ folder: 'locked' })).rejects.toSatisfy((error) => !JSON.stringify(error).includes('secret'))
  await expect(client.project.open({ folder: '' })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('folder') })
  expect(lines).toEqual([])
  const mistake: unknown = await client.project.open({ folder: 'x' }).catch((error: unknown) => error)
  expect(mistake).toMatchObject({ code: 'UNEXPECTED', message: expect.not.stringContaining('a mistake of ours') })
  expect(lines.join('\n')).toContain(`[${(mistake as { data: { reference: string } }).data.reference}] project.open: TypeError: a mistake of ours`)
})

test('two windows hear the same changes; an abort and a lost line end the stream in the engine', async () => {
  const { server, hub, bearer } = await start()
  const own = await session(server)
  const sockets = [open(server, bearer), open(server, { ...own, origin: server.url })]
  const clients = sockets.map((socket): ContractClient => createORPCClient(new RPCLink({ websocket: socket as never })))
  const controller = new AbortController()
  const streams = await Promise.all(clients.map(async (client, index) => await client.app.changes(undefined, index === 0 ? { signal: controller.signal } : {})))
  for (const stream of streams) expect((await stream.next()).value).toEqual({ topic: 'hello' })
  expect(hub.readers).toBe(2)
  hub.emit({ topic: 'decisions' })
  for (const stream of streams) expect((await stream.next()).value).toEqual({ topic: 'decisions' })
  const gone = async (left: number): Promise<void> => {
    while (hub.readers > left) await new Promise((resolve) => setImmediate(resolve))
  }
  controller.abort()
  await gone(1)
  sockets[1]?.terminate()
  await gone(0)
})

test('bytes that are no message do not disturb the others', async () => {
  const { server, bearer } = await start()
  const rude = open(server, bearer)
  await once(rude, 'open')
  rude.send('{"i":1,')
  rude.send(Buffer.from([0, 255, 1]))
  rude.send(JSON.stringify({ i: 1, p: { u: '/no/such/procedure' } }))
  const client: ContractClient = createORPCClient(new RPCLink({ websocket: open(server, bearer) as never }))
  expect(await client.project.current()).toBeNull()
  const { port } = new URL(server.url)
  const raw = connect(Number(port), '127.0.0.1')
  raw.resume()
  raw.write('NONSENSE\r\n\r\n')
  await once(raw, 'close')
  expect(await client.project.current()).toBeNull()
})

test('a port that is taken is said in a sentence', async () => {
  const { server } = await start()
  const options = { router: createRouter(fakeServices({})), files: { thumb: async () => null, image: async () => null, view: () => new Int32Array() }, project: () => null, version: '0', page: '/nowhere', log: { error: () => undefined, info: () => undefined, place: '' } }
  await expect(EngineServer.listen({ ...options, port: Number(new URL(server.url).port) })).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('is in use') })
})

test('closing ends the windows’ lines and frees the port', async () => {
  const { server, bearer } = await start()
  const socket = open(server, bearer)
  await once(socket, 'open')
  const closed = once(socket, 'close')
  await server.close()
  expect((await closed)[0]).toBe(1001)
  await expect(fetch(`${server.url}/health`)).rejects.toThrow('fetch failed')
})
