import type { Selection } from '../contract/common.ts'
import type { ImageDetails, ImageFacets, ImageFilter, ImageRow, ImageSort, View } from '../contract/images.ts'
import { WinnowError } from '../domain/errors.ts'
import { defaultDescriptor, vectorSource } from '../models/descriptorVectors.ts'
import type { ProjectContext, Service } from '../services.ts'

const historyShown = 50

/** The images of a project: lists, rows, details, neighbours. */
export class ImageService implements Service<'images'> {
  readonly #context: ProjectContext
  constructor(context: ProjectContext) {
    this.#context = context
  }

  /** The images that pass a filter, in order; the engine holds the ids under `viewId`. */
  async view({ filter, sort }: { filter: ImageFilter; sort: ImageSort }): Promise<View> {
    const { engine, project } = this.#context
    const { ids, marks } = await project.read.images.view(filter, sort)
    return { viewId: engine.current.views.add(ids), count: ids.length, marks }
  }

  async rows({ ids }: { ids: number[] }): Promise<ImageRow[]> {
    return await this.#context.project.read.images.rows(ids)
  }

  /** Throws NOT_FOUND. */
  async details({ id }: { id: number }): Promise<ImageDetails> {
    const { read } = this.#context.project
    const [details, history] = await Promise.all([read.images.details(id), read.decisions.history(id, historyShown)])
    if (!details) throw noSuchImage(id)
    return { ...details, history }
  }

  async facets({ filter }: { filter: ImageFilter }): Promise<ImageFacets> {
    return await this.#context.project.read.images.facets(filter)
  }

  /** The k most similar ready images by descriptor, most similar first. Throws NOT_FOUND, or UNAVAILABLE where it has not been embedded. */
  async neighbours({ id, k, descriptorId }: { id: number; k: number; descriptorId?: number | undefined }): Promise<{ image: ImageRow; similarity: number }[]> {
    const { engine, project } = this.#context
    const [row] = await project.read.images.rows([id])
    if (!row) throw noSuchImage(id)
    const descriptor = descriptorId ?? await defaultDescriptor(project)
    if (descriptor === null) throw new WinnowError('UNAVAILABLE', 'Nothing has been embedded yet. Run "Embed" first; then the nearest images can be shown.')
    const [queries, references] = await Promise.all([vectorSource(project, descriptor, Int32Array.of(id)), vectorSource(project, descriptor)])
    if (queries.rows.length === 0) throw new WinnowError('UNAVAILABLE', `${row.name} has not been embedded with this model yet. Run "Embed" first.`)
    const { imageIds, similarities } = await engine.search.knn({ queries, references, k, engine: 'exact', excludeSelf: true })
    const found = [...imageIds].map((imageId, i) => ({ imageId, similarity: similarities[i] ?? 0 })).filter(({ imageId }) => imageId >= 0)
    const rows = new Map((await project.read.images.rows(found.map(({ imageId }) => imageId))).map((image) => [image.id, image]))
    return found.flatMap(({ imageId, similarity }) => {
      const image = rows.get(imageId)
      return image ? [{ image, similarity }] : []
    })
  }

  /** The ids that a selection means. Throws NOT_FOUND for a view that is no longer held. */
  async resolve(selection: Selection): Promise<Int32Array> {
    return 'ids' in selection ? Int32Array.from(selection.ids) : this.#context.engine.current.views.get(selection.viewId)
  }
}

const noSuchImage = (id: number): WinnowError => new WinnowError('NOT_FOUND', `There is no image ${id} in this project (any more). Load the list again.`)
