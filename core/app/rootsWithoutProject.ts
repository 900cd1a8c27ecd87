import type { Root, RootPreview, RootSpec } from '../contract/project.ts'
import type { Engine } from '../engine.ts'
import { type PreviewInput, previewRoot } from '../images/rootService.ts'
import type { Service } from '../services.ts'

/** Before a project is open one can look into a folder; everything else says that there is no project. */
export class RootsWithoutProject implements Service<'roots'> {
  readonly #engine: Engine
  constructor(engine: Engine) {
    this.#engine = engine
  }

  async preview(input: PreviewInput): Promise<RootPreview> {
    return await previewRoot(this.#engine, input)
  }

  async list(): Promise<Root[]> {
    return await this.#engine.current.roots.list()
  }

  async add(spec: RootSpec): Promise<Root> {
    return await this.#engine.current.roots.add(spec)
  }

  async update(change: Partial<RootSpec> & { id: number }): Promise<Root> {
    return await this.#engine.current.roots.update(change)
  }

  async remove(which: { id: number }): Promise<{ ok: true }> {
    return await this.#engine.current.roots.remove(which)
  }
}
