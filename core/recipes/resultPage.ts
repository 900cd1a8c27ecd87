import type { ArtefactKind, Curve, ResultPage } from '../contract/recipes.ts'
import type { Project } from '../project/project.ts'
import type { Artefact } from './artefact.ts'

/** Columns of n x k are shown entry by entry: the row of the query beside each. */
const listColumns = new Set(['reference', 'referencePart', 'score', 'before'])
const imageColumns = new Set(['image', 'a', 'b', 'query', 'reference', 'keeper'])
/** Of results of kind labels: numbers of classes, which mean nothing to people. */
const labelColumns = new Set(['label', 'given'])
const hidden = new Set(['row', 'box', 'matrix', 'points', 'pointsFrom'])

/** The column whose rows are the rows of the result, where it has one; columns of other lengths (what was left out and why) are no part of the table. */
const mainColumn: Partial<Record<ArtefactKind, string>> = { images: 'image', parts: 'image', vectors: 'image', pairs: 'a', labels: 'image' }

/**
 * Rows [offset, offset + limit) of a result for the eye: ranked lists entry by entry, the others row by row. Columns that hold several numbers
 * a row are left to NumPy. Only the rows of the page are read.
 */
export async function pageOf(project: Project, artefact: Artefact, offset: number, limit: number): Promise<ResultPage> {
  const isLists = artefact.kind === 'lists'
  const k = isLists ? (artefact.columns['reference']?.shape[1] ?? 1) : 1
  const shown = Object.entries(artefact.columns).filter(([name, { shape }]) => !hidden.has(name) && (shape.length === 1 || (isLists && listColumns.has(name))))
  const main = mainColumn[artefact.kind]
  const total = isLists ? artefact.rows('reference') * k : main === undefined ? Math.max(0, ...shown.map(([, { shape }]) => shape[0] ?? 0)) : artefact.rows(main)
  const names = shown.filter(([, { shape }]) => main === undefined || shape[0] === total).map(([name]) => name)
  const end = Math.min(total, offset + limit)
  // Entries of ranked lists are read with the rest of their query's list.
  const first = Math.floor(offset / Math.max(1, k))
  const columns = await Promise.all(names.map(async (name) => ({ name, values: offset < end ? await artefact.slice(name, first, Math.ceil(end / k) - first) : [], perQuery: isLists && artefact.columns[name]?.shape.length === 1 })))
  const rows: (number | string | null)[][] = []
  const images = new Set<number>()
  const classes = artefact.kind === 'labels' ? classNames(artefact, columns.filter(({ name }) => labelColumns.has(name)).flatMap(({ values }) => Array.from(values))) : new Map<number, string>()
  const isNamed = (name: string): boolean => classes.size > 0 && labelColumns.has(name)
  for (let i = offset; i < end; i++) {
    rows.push(columns.map(({ name, values, perQuery }) => {
      const value = values[perQuery ? Math.floor(i / k) - first : i - first * k]
      if (value === undefined) return null
      if (imageColumns.has(name) && value > 0) images.add(value)
      if (isNamed(name)) return classes.get(value) ?? String(value)
      return Number.isFinite(value) ? value : String(value)
    }))
  }
  const found = await project.read.recipeInputs.paths([...images])
  return { columns: names.map((name) => ({ name, type: imageColumns.has(name) ? 'image' : isNamed(name) ? 'text' : 'number' })), rows, total, names: Object.fromEntries(found) }
}

/** What the classes of these labels are called, where the result says so: it may know 200,000, and a page shows a few. */
function classNames({ facts }: Artefact, labels: readonly number[]): Map<number, string> {
  const wanted = new Set(labels)
  const names = Array.isArray(facts['names']) ? (facts['names'] as [number, string][]) : []
  return new Map(names.filter(([label]) => wanted.has(label)))
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
