import type { VetoList } from '../contract/matches.ts'
import type { ProjectContext, Service } from '../services.ts'

/** The lists of what results leave out. They are changed by acts, like everything that people decide. */
export class VetoService implements Service<'vetoes'> {
  readonly #context: ProjectContext

  constructor(context: ProjectContext) {
    this.#context = context
  }

  async list(): Promise<VetoList[]> {
    return await this.#context.project.read.vetoes.lists()
  }

  async entries({ listId, offset, limit }: { listId: number; offset: number; limit: number }): Promise<{ a: number; b: number | null }[]> {
    return await this.#context.project.read.vetoes.entries(listId, offset, limit)
  }
}
