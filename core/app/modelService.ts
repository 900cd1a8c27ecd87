import type { Descriptor } from '../contract/models.ts'
import type { Engine } from '../engine.ts'
import { listDescriptors } from '../models/descriptorList.ts'
import type { Service } from '../services.ts'
import type { ChangeHub } from './changeHub.ts'

type Models = Service<'models'>
type Input<P extends keyof Models> = Parameters<Models[P]>[0]
type Output<P extends keyof Models> = ReturnType<Models[P]>

/** The models of this machine, with the descriptors that the open project has of them. Windows hear of every change. */
export class ModelService implements Models {
  readonly #engine: Engine
  readonly #hub: ChangeHub
  constructor(engine: Engine, hub: ChangeHub) {
    this.#engine = engine
    this.#hub = hub
  }

  list(): Output<'list'> {
    return this.#engine.models.list()
  }
  known(): Output<'known'> {
    return this.#engine.models.known()
  }
  check(input: Input<'check'>): Output<'check'> {
    return this.#engine.models.check(input)
  }
  inspect(input: Input<'inspect'>): Output<'inspect'> {
    return this.#engine.models.inspect(input)
  }
  add(input: Input<'add'>): Output<'add'> {
    return this.#telling(this.#engine.models.add(input))
  }
  remove(input: Input<'remove'>): Output<'remove'> {
    return this.#telling(this.#engine.models.remove(input))
  }
  setDefault(input: Input<'setDefault'>): Output<'setDefault'> {
    return this.#telling(this.#engine.models.setDefault(input))
  }
  measure(input: Input<'measure'>): Output<'measure'> {
    return this.#telling(this.#engine.models.measure(input))
  }
  providers(): Output<'providers'> {
    return this.#engine.models.providers()
  }
  /** None where no project is open. */
  async descriptors(): Promise<Descriptor[]> {
    const { open } = this.#engine
    return open ? await listDescriptors(open.project) : []
  }

  async #telling<T>(work: Promise<T>): Promise<T> {
    const result = await work
    this.#hub.emit({ topic: 'models' })
    return result
  }
}
