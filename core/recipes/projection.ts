import type { Projection } from '../descriptors/whitening.ts'
import type { Artefact, ArtefactWriter } from './artefact.ts'

/** projection: `mean` float32 dim, `matrix` float32 size x dim, `variance` float64 size; `facts.power`, `facts.kept`, `facts.fittedOn`, `facts.models`. */
export async function writeProjection(out: ArtefactWriter, { mean, matrix, variances, kept, power, fittedOn }: Projection, { models, summary }: { models: readonly string[]; summary: string }): Promise<void> {
  await out.column('mean', mean)
  await out.column('matrix', matrix.data, [matrix.rows, matrix.dim])
  await out.column('variance', variances)
  await out.finish('projection', summary, { dim: matrix.dim, size: matrix.rows, power, kept, fittedOn, models: [...models] })
}

export async function readProjection(artefact: Artefact): Promise<Projection> {
  const mean = await artefact.float32('mean')
  const { power, kept, fittedOn } = artefact.facts as { power: number; kept: number; fittedOn: number }
  const data = await artefact.float32('matrix')
  return { mean, matrix: { rows: data.length / mean.length, dim: mean.length, data }, variances: await artefact.float64('variance'), power, kept, fittedOn }
}
