import { ChangeHub } from '../../core/app/changeHub.ts'
import type { Services } from '../../core/app/app.ts'
import { contract } from '../../core/contract/contract.ts'
import { WinnowError } from '../../core/domain/errors.ts'

/** Services that answer only what a test gives; everything else says that no project is open. For tests of the wire, not of the engine. */
export function fakeServices(given: { readonly [area: string]: Record<string, (input: never, signal?: AbortSignal) => unknown> }, hub = new ChangeHub()): Services {
  const refuse = (): never => {
    throw new WinnowError('NOT_FOUND', 'No project is open. Open or create one first.')
  }
  const areas = Object.entries(contract).map(([area, procedures]) => {
    const service = Object.fromEntries(Object.keys(procedures).map((name) => [name, (input: never, signal?: AbortSignal) => (given[area]?.[name] ?? refuse)(input, signal)]))
    if (area === 'app' && !given['app']?.['changes']) service['changes'] = (_input: never, signal?: AbortSignal) => hub.subscribe(signal)
    return [area, () => service]
  })
  return Object.fromEntries(areas) as unknown as Services
}
