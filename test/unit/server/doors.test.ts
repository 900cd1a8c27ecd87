import { expect, test } from 'vitest'
import { cookieOf, Doors } from '../../../core/server/doors.ts'

const doors = new Doors({ port: 4600, origins: ['https://gpu.example.org'] })
const get = (headers: Record<string, string>) => ({ method: 'GET', headers: { host: '127.0.0.1:4600', ...headers } })

test.each(['127.0.0.1:4600', 'localhost:4600', '[::1]:4600', 'LOCALHOST:4600', '127.0.0.1:9000', 'gpu.example.org'])('Host %s is one of ours (a tunnel brings its own port)', (host) => {
  expect(doors.refuse(get({ host }))).toBeNull()
})

test.each(['evil.example:4600', '127.0.0.1.evil.example', '127.0.0.1:4600.evil.example', 'evil.example@127.0.0.1', '0.0.0.0:4600', '127.0.0.2:4600', '', 'localhost.:4600', '[::ffff:127.0.0.1]:4600'])(
  'Host %j is refused, as after DNS rebinding',
  (host) => {
    expect(doors.refuse(get({ host }))).toMatchObject({ status: 403 })
  }
)

test.each(['same-site', 'cross-site', 'anything'])('Sec-Fetch-Site %s is refused: a page of another local server is same-site with us', (site) => {
  expect(doors.refuse(get({ 'sec-fetch-site': site }))).toMatchObject({ status: 403 })
})

test.each(['same-origin', 'none'])('Sec-Fetch-Site %s may pass', (site) => {
  expect(doors.refuse(get({ 'sec-fetch-site': site }))).toBeNull()
})

test.each(['http://127.0.0.1:4601', 'http://localhost:4600', 'https://127.0.0.1:4600', 'null', 'http://127.0.0.1:4600.evil.example', 'http://127.0.0.1'])('a WebSocket with Origin %s is refused', (origin) => {
  expect(doors.refuse(get({ origin }), { upgrade: true })).toMatchObject({ status: 403 })
})

test('a WebSocket must say its Origin, exactly; a program says the token instead', () => {
  expect(doors.refuse(get({ origin: 'http://127.0.0.1:4600' }), { upgrade: true })).toBeNull()
  expect(doors.refuse(get({ host: 'gpu.example.org', origin: 'https://gpu.example.org' }), { upgrade: true })).toBeNull()
  expect(doors.refuse(get({}), { upgrade: true })).toMatchObject({ status: 403 })
  expect(doors.refuse(get({ authorization: `Bearer ${doors.token}` }), { upgrade: true })).toBeNull()
})

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('%s is not a method of ours, and from another origin it is not even told so', (method) => {
  const headers = { host: '127.0.0.1:4600' }
  expect(doors.refuse({ method, headers: { ...headers, origin: 'http://127.0.0.1:4600' } })).toMatchObject({ status: 405 })
  expect(doors.refuse({ method, headers: { ...headers, origin: 'http://127.0.0.1:8000' } })).toMatchObject({ status: 403 })
  expect(doors.refuse({ method, headers })).toMatchObject({ status: 403 })
})

test('the key of an address opens one session once, and the session is neither key nor token', () => {
  const own = new Doors({ port: 4600 })
  const key = own.issueKey()
  const cookie = own.exchange(key) ?? ''
  expect(cookie).toMatch(/^winnow-4600=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/)
  const session = cookie.split(';')[0] ?? ''
  expect(session).not.toContain(key)
  expect(session).not.toContain(own.token)
  expect(own.exchange(key)).toBeNull()
  expect(own.entryOf(get({ cookie: session }))).toBe('session')
  expect(own.entryOf(get({ cookie: `other=1; ${session}` }))).toBe('session')
})

test('a new address ends the one before; guesses, the token and nothing open nothing', () => {
  const own = new Doors({ port: 4600 })
  expect(own.exchange('')).toBeNull()
  const first = own.issueKey()
  const second = own.issueKey()
  expect(own.exchange(first)).toBeNull()
  expect(own.exchange(own.token)).toBeNull()
  expect(own.exchange(`${second}x`)).toBeNull()
  expect(own.exchange(second)).not.toBeNull()
})

test('a cookie of another port, a made-up session and the token as a cookie do not enter', () => {
  const own = new Doors({ port: 4600 })
  const session = (own.exchange(own.issueKey()) ?? '').split(';')[0] ?? ''
  expect(own.entryOf(get({ cookie: session.replace('winnow-4600', 'winnow-4601') }))).toBeNull()
  expect(own.entryOf(get({ cookie: `winnow-4600=${own.token}` }))).toBeNull()
  expect(own.entryOf(get({ cookie: 'winnow-4600=' }))).toBeNull()
  expect(own.entryOf(get({}))).toBeNull()
  expect(new Doors({ port: 4600 }).entryOf(get({ cookie: session }))).toBeNull()
})

test('Bearer opens with the token only, and a wrong one is not rescued by a cookie', () => {
  const own = new Doors({ port: 4600 })
  const cookie = (own.exchange(own.issueKey()) ?? '').split(';')[0] ?? ''
  expect(own.entryOf(get({ authorization: `Bearer ${own.token}` }))).toBe('bearer')
  expect(own.entryOf(get({ authorization: `bearer ${own.token}` }))).toBeNull()
  expect(own.entryOf(get({ authorization: `Bearer ${own.token.slice(1)}` }))).toBeNull()
  expect(own.entryOf(get({ authorization: 'Bearer wrong', cookie }))).toBeNull()
  expect(own.token).toMatch(/^[\w-]{43}$/)
})

test('a cookie header is read as browsers write it', () => {
  expect(cookieOf('a=1; b=2', 'b')).toBe('2')
  expect(cookieOf('a=1;b=x=y', 'b')).toBe('x=y')
  expect(cookieOf('ab=1', 'b')).toBeNull()
  expect(cookieOf(undefined, 'b')).toBeNull()
})
