import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { WebSocket } from 'ws'
import { WinnowError } from '../domain/errors.ts'
import type { ContractClient } from '../server/router.ts'
import type { Session } from './session.ts'

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]'])
const patienceMilliseconds = 10_000

/** Only https, or http to this machine (a tunnel ends there): anything else would send token and pictures in the clear. Throws BAD_INPUT. */
export function checkEngineUrl(text: string): URL {
  const url = URL.parse(text)
  if (!url) throw new WinnowError('BAD_INPUT', `--engine ${text} is not an address. Write it as http://127.0.0.1:4600.`)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.has(url.hostname))) {
    throw new WinnowError('BAD_INPUT', `--engine ${text}: only https, or http to 127.0.0.1 (for example through "ssh -L 4600:127.0.0.1:4600 server"), so that the token never travels in the clear.`)
  }
  return url
}

/**
 * Talks to an engine that runs already, with the same typed client as in process. Checks the address and that it answers to the token.
 * Throws BAD_INPUT or UNAVAILABLE.
 */
export async function attach(engine: string, token: string): Promise<Session> {
  const { origin } = checkEngineUrl(engine)
  const headers = { authorization: `Bearer ${token}` }
  const get = async (path: string): Promise<Response> => {
    const response = await fetch(`${origin}${path}`, { headers, redirect: 'error', signal: AbortSignal.timeout(patienceMilliseconds) }).catch((error: unknown) => {
      throw new WinnowError('UNAVAILABLE', `No engine answers at ${origin} (${reasonOf(error)}).`)
    })
    if (response.status === 401) throw new WinnowError('UNAVAILABLE', `The engine at ${origin} does not accept this token.`)
    return response
  }
  const health = (await (await get('/health')).json().catch(() => null)) as { ok?: unknown } | null
  if (health?.ok !== true) throw new WinnowError('UNAVAILABLE', `What answers at ${origin} is not Winnow.`)
  const socket = await connect(origin.replace(/^http/, 'ws'), headers)
  const client: ContractClient = createORPCClient(new RPCLink({ websocket: socket as never }))
  return {
    client,
    engine: origin,
    ids: async (viewId) => {
      const response = await get(`/view/${viewId}`)
      if (!response.ok) throw new WinnowError('NOT_FOUND', (await response.text()).trim())
      return new Int32Array(await response.arrayBuffer())
    },
    close: () => {
      socket.close()
      return Promise.resolve()
    }
  }
}

async function connect(origin: string, headers: Record<string, string>): Promise<WebSocket> {
  const socket = new WebSocket(`${origin}/rpc`, { headers, perMessageDeflate: false, handshakeTimeout: patienceMilliseconds, maxPayload: 256 * 1024 * 1024 })
  return await new Promise<WebSocket>((resolve, reject) => {
    socket.once('open', () => {
      // From here on a lost line shows as the calls that fail.
      socket.on('error', () => undefined)
      resolve(socket)
    })
    socket.once('error', (error) => reject(new WinnowError('UNAVAILABLE', `The engine at ${origin} refused the connection (${reasonOf(error)}).`)))
  })
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string }
  return cause?.code ?? cause?.message ?? message ?? String(error)
}
