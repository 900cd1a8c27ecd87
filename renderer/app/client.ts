/** The one line to the engine: oRPC over a WebSocket that comes back by itself. */
import { createORPCClient, DynamicLink } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { create } from 'zustand'
import type { Change, Contract } from '../../core/contract/contract.ts'

export type Client = ContractRouterClient<Contract>
export type ConnectionState = 'connecting' | 'open' | 'lost'

interface Connection {
  readonly state: ConnectionState
  /** Counts the times the line came back; a screen that depends on it refetches. */
  readonly epoch: number
}
export const useConnection = create<Connection>()(() => ({ state: 'connecting', epoch: 0 }))

/** A call waits this long for a line that is away before it fails. */
const patienceMs = 8_000
const retryMs = [150, 300, 700, 1500, 3000]

type ChangeListener = (change: Change) => void
const changeListeners = new Set<ChangeListener>()

/** Hears what changed in the engine (its first word on a new line is `hello`). Returns the way to stop. */
export function onChange(listener: ChangeListener): () => void {
  changeListeners.add(listener)
  return () => changeListeners.delete(listener)
}

let link: RPCLink<Record<never, never>> | null = null
let waiting: (() => void)[] = []
let attempt = 0

function connect(): void {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`)
  socket.addEventListener('open', () => {
    attempt = 0
    link = new RPCLink({ websocket: socket })
    useConnection.setState(({ epoch }) => ({ state: 'open', epoch: epoch + 1 }))
    for (const go of waiting) go()
    waiting = []
    void listen(socket)
  })
  socket.addEventListener('close', () => {
    link = null
    if (useConnection.getState().state !== 'connecting') useConnection.setState({ state: 'lost' })
    const delay = retryMs[Math.min(attempt++, retryMs.length - 1)] ?? 3000
    setTimeout(connect, delay)
  })
}

/** Follows the engine's changes for as long as this socket lives. */
async function listen(socket: WebSocket): Promise<void> {
  try {
    for await (const change of await client.app.changes()) tell(change)
  } catch {
    // The socket ended; its close event connects again.
  }
  // An iterator that ends while the line stands (the engine let go of it) would leave the window blind.
  if (socket.readyState === WebSocket.OPEN) socket.close()
}

function tell(change: Change): void {
  for (const listener of changeListeners) listener(change)
}

async function currentLink(): Promise<RPCLink<Record<never, never>>> {
  if (link) return link
  await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), new Promise((resolve) => setTimeout(resolve, patienceMs))])
  if (!link) throw new Error('The engine does not answer. Winnow keeps trying; what was confirmed is safe.')
  return link
}

export const client: Client = createORPCClient(new DynamicLink(currentLink))

/** Opens the line; called once by main.tsx. */
export const startClient = (): void => connect()
