import { createRouterClient, implement, type Router } from '@orpc/server'
import type { ContractRouterClient } from '@orpc/contract'
import type { Services } from '../app/app.ts'
import type { Log } from '../app/log.ts'
import { contract, type Contract } from '../contract/contract.ts'
import { toContractError } from './boundary.ts'

export type EngineRouter = Router<Contract, Record<never, never>>
/** The contract as a caller sees it: the same type in process and over a WebSocket. */
export type ContractClient = ContractRouterClient<Contract>

type Method = (input: unknown, signal: AbortSignal | undefined) => Promise<unknown>

/** The contract, answered by services: each call goes to the method of the same name, with checked input and the caller's AbortSignal. */
export function createRouter(services: Services): EngineRouter {
  const areas = Object.entries(contract).map(([area, procedures]) => {
    const handlers = Object.entries(procedures).map(([name, procedure]) => [
      name,
      implement(procedure as typeof contract.app.info).handler(async ({ input, signal }) => {
        const service = services[area as keyof Contract]() as unknown as Record<string, Method>
        return (await service[name]?.(input, signal)) as never
      })
    ])
    return [area, Object.fromEntries(handlers)] as const
  })
  // Built by name, so the compiler cannot follow; `Services` has checked that every name is there.
  return Object.fromEntries(areas) as unknown as EngineRouter
}

type Call = { readonly path: readonly string[]; readonly signal?: AbortSignal | undefined; next(): Promise<unknown> }

/** Wraps every call: errors become the contract's. One that its caller has given up is not a mistake and goes unlogged. */
export const errorBoundary = (log: Log) => async ({ path, signal, next }: Call): Promise<unknown> => {
  try {
    return await next()
  } catch (error) {
    if (signal?.aborted) throw error
    throw toContractError(error, { path, log })
  }
}

/** The contract without a wire, for the CLI that holds the project itself. */
export const localClient = (router: EngineRouter, log: Log): ContractClient =>
  createRouterClient(router, { interceptors: [errorBoundary(log)] }) as ContractClient
