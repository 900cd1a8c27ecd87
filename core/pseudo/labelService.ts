import type { View } from '../contract/images.ts'
import type { CsvImportReport, LabelClass, LabelItem, LabelQueueRequest, LabelRun } from '../contract/labels.ts'
import { WinnowError } from '../domain/errors.ts'
import { importCsvLabels } from '../importers/csvLabels.ts'
import type { ProjectContext, Service } from '../services.ts'

/** Classes, runs of predictions and the queue in which a person answers them. What the person says goes through the decisions. */
export class LabelService implements Service<'labels'> {
  readonly #context: ProjectContext

  constructor(context: ProjectContext) {
    this.#context = context
  }

  async classes(): Promise<LabelClass[]> {
    return await this.#context.project.read.labels.classes()
  }

  /** Finished runs and imports, newest first; the first of kind knn is the live one. */
  async runs(): Promise<LabelRun[]> {
    return await this.#context.project.read.predictions.runs()
  }

  /** The images to answer, as a view. Throws NOT_FOUND for an unknown run. */
  async queue(request: LabelQueueRequest): Promise<View> {
    await this.#checkRun(request.runId)
    const { ids, marks } = await this.#context.project.read.predictions.queue(request)
    return { viewId: this.#context.engine.current.views.add(ids), count: ids.length, marks }
  }

  /** The images with their candidates, in the order asked for; images that have gone are left out. */
  async items({ runId, ids }: { runId: number; ids: number[] }): Promise<LabelItem[]> {
    await this.#checkRun(runId)
    const { labels, predictions } = this.#context.project.read
    const [rows, stored] = await Promise.all([this.#context.engine.current.images.rows({ ids }), predictions.candidates(runId, ids)])
    const exemplars = await labels.exemplars([...new Set(stored.map(({ classId }) => classId))])
    const byImage = Map.groupBy(stored, ({ imageId }) => imageId)
    const rowOf = new Map(rows.map((row) => [row.id, row]))
    return ids.flatMap((id) => {
      const image = rowOf.get(id)
      if (!image) return []
      const candidates = (byImage.get(id) ?? []).map(({ classId, className, score, nearest }) => ({
        classId,
        className,
        score,
        nearest,
        exemplars: (exemplars.get(classId) ?? []).filter((exemplar) => exemplar !== id)
      }))
      return [{ image, candidates }]
    })
  }

  async importCsv({ file, imageColumn, labelColumn }: { file: string; imageColumn?: string | undefined; labelColumn?: string | undefined }): Promise<CsvImportReport> {
    return await importCsvLabels(this.#context.project, file, { imageColumn, labelColumn })
  }

  async #checkRun(runId: number): Promise<void> {
    if (!(await this.#context.project.read.predictions.runExists(runId))) {
      throw new WinnowError('NOT_FOUND', `There is no run ${runId} in this project (any more). Load the runs again.`)
    }
  }
}
