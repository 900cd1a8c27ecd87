import type { ExportPlan, ExportSpec, ExportSummary } from '../contract/exports.ts'
import type { ProjectContext, Service } from '../services.ts'
import { exportScope } from './entries.ts'
import { planExport } from './planExport.ts'

export class ExportService implements Service<'exports'> {
  readonly #context: ProjectContext
  constructor(context: ProjectContext) {
    this.#context = context
  }

  /** What an export would write, and what stands in its way. Writes nothing. */
  async plan(spec: ExportSpec): Promise<ExportPlan> {
    const { engine, project } = this.#context
    const scope = await exportScope(project, spec.selection ? await engine.current.images.resolve(spec.selection) : null)
    return await planExport(project, spec, scope)
  }

  async history(): Promise<ExportSummary[]> {
    return await this.#context.project.read.exports.history()
  }
}
