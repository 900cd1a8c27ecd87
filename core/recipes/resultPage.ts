import type { Curve, ResultPage } from '../contract/recipes.ts'
import type { Project } from '../project/project.ts'
import type { Artefact } from './artefact.ts'

/** Columns of n x k are shown entry by entry: the row of the query beside each. */
const listColumns = new Set(['reference', 'referencePart', 'score', 'before'])
const imageColumns = new Set(['image', 'a', 'b', 'query', 'reference', 'keeper'])
const hidden = new Set(['row', 'box', 'matrix', 'points', 'pointsFrom'])

/** Rows [offset, offset + limit) of a result for the eye: ranked lists entry by entry, the others row by row. Columns that hold several numbers a row are left to NumPy. */
export async function pageOf(project: Project, artefact: Artefact, offset: number, limit: number): Promise<ResultPage> {
  const isLists = artefact.kind === 'lists'
  const k = isLists ? (artefact.columns['reference']?.shape[1] ?? 1) : 1
  const total = isLists ? artefact.rows('reference') * k : Math.max(0, ...Object.entries(artefact.columns).filter(([name]) => !hidden.has(name)).map(([, { shape }]) => shape[0] ?? 0))
  const names = Object.entries(artefact.columns).filter(([name, { shape }]) => !hidden.has(name) && (shape.length === 1 || (isLists && listColumns.has(name)))).map(([name]) => name)
  const columns = await Promise.all(names.map(async (name) => ({ name, values: await valuesOf(artefact, name), perQuery: isLists && artefact.columns[name]?.shape.length === 1 })))
  const rows: (number | string | null)[][] = []
  const images = new Set<number>()
  for (let i = offset; i < Math.min(total, offset + limit); i++) {
    rows.push(columns.map(({ name, values, perQuery }) => {
      const value = values[perQuery ? Math.floor(i / k) : i]
      if (value === undefined) return null
      if (imageColumns.has(name) && value > 0) images.add(value)
      return Number.isFinite(value) ? value : String(value)
    }))
  }
  const found = await project.read.recipeInputs.paths([...images])
  return { columns: names.map((name) => ({ name, type: imageColumns.has(name) ? 'image' : 'number' })), rows, total, names: Object.fromEntries(found) }
}

async function valuesOf(artefact: Artefact, name: string): Promise<ArrayLike<number>> {
  switch (artefact.columns[name]?.dtype) {
    case 'Int32Array': return await artefact.int32(name)
    case 'Float32Array': return await artefact.float32(name)
    case 'Float64Array': return await artefact.float64(name)
    default: return await artefact.uint8(name)
  }
}

/** The curves of a metrics result. */
export async function readCurves(artefact: Artefact): Promise<Curve[]> {
  const listed = artefact.kind === 'metrics' ? ((artefact.facts['curves'] ?? []) as Pick<Curve, 'name' | 'xTitle' | 'yTitle'>[]) : []
  return await Promise.all(listed.map(async ({ name, xTitle, yTitle }) => ({
    name,
    xTitle,
    yTitle,
    x: [...(await artefact.float64(`${name}.x`))],
    y: [...(await artefact.float64(`${name}.y`))],
    ...(artefact.has(`${name}.threshold`) ? { thresholds: [...(await artefact.float64(`${name}.threshold`))] } : {})
  })))
}
