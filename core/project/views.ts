import { randomUUID } from 'node:crypto'
import { WinnowError } from '../domain/errors.ts'

const kept = 32

/** Filtered, ordered id lists that windows look at. The last 32 are held; an older one is asked for again by its filter. */
export class ViewStore {
  readonly #views = new Map<string, Int32Array>()

  add(ids: Int32Array): string {
    const viewId = randomUUID()
    this.#views.set(viewId, ids)
    for (const old of this.#views.keys()) {
      if (this.#views.size <= kept) break
      this.#views.delete(old)
    }
    return viewId
  }

  /** Throws NOT_FOUND for a view that has been let go. */
  get(viewId: string): Int32Array {
    const ids = this.#views.get(viewId)
    if (!ids) throw new WinnowError('NOT_FOUND', 'This view is no longer held by the engine. Load the list again.')
    this.#views.delete(viewId)
    this.#views.set(viewId, ids)
    return ids
  }
}
