/**
 * The columns of each kind of artefact, with one reader and one writer each. Image ids are those of the project; parts as in
 * core/descriptors/partView.ts (0: the whole image). Further columns may stand beside these (inliers, matrix, before…): read them by name.
 */
import { join } from 'node:path'
import type { MetricValue } from '../contract/recipes.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Matrix } from '../domain/matrix.ts'
import { VectorFile } from '../search/vectorFile.ts'
import type { VectorSource } from '../search/vectorSource.ts'
import type { Artefact, ArtefactWriter } from './artefact.ts'

/** images: `image` int32, ascending, each once. */
export const readImages = async (artefact: Artefact): Promise<Int32Array> => await artefact.int32('image')

export async function writeImages(out: ArtefactWriter, images: Int32Array, summary: string, facts: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await out.column('image', images)
  await out.finish('images', summary, { images: images.length, ...facts })
}

/** Parts of images; box: n x 4 (left, top, width, height; whole pixels of the upright image; width 0: the whole image). */
export interface Parts {
  readonly images: Int32Array
  readonly parts: Int32Array
  readonly boxes: Int32Array
}

/** parts: `image`, `part` int32; `box` int32 n x 4. Sorted by image, then part. What a part id means besides its box (turn, flip, degradation) is fixed: partView.ts. */
export const readParts = async (artefact: Artefact): Promise<Parts> =>
  ({ images: await artefact.int32('image'), parts: await artefact.int32('part'), boxes: await artefact.int32('box') })

export async function writeParts(out: ArtefactWriter, { images, parts, boxes }: Parts, summary: string, facts: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await out.column('image', images)
  await out.column('part', parts)
  await out.column('box', boxes, [images.length, 4])
  let distinct = 0
  for (let i = 0; i < images.length; i++) if (i === 0 || images[i] !== images[i - 1]) distinct++
  await out.finish('parts', summary, { images: distinct, parts: parts.length, ...facts })
}

/** Where the rows of a vectors artefact lie: in its own folder, or in the project's descriptor file, which only grows. */
export interface VectorsFile {
  readonly file: string
  readonly dim: number
  readonly dtype: 'float32' | 'float16'
}

export interface Vectors {
  /** Row i describes part parts[i] of image images[i]. */
  readonly matrix: Matrix
  readonly images: Int32Array
  readonly parts: Int32Array
}

/**
 * vectors: `row`, `image`, `part` int32, ordered as they are to be read; `facts.file` (absolute, or relative to the artefact), `facts.dim`,
 * `facts.dtype`, `facts.models` (ids of the models behind them), `facts.fingerprint`. The file is a VectorFile; vectorReader.ts reads it.
 */
export interface VectorsSource extends VectorSource {
  readonly parts: Int32Array
}

export async function vectorsSource(artefact: Artefact): Promise<VectorsSource> {
  const { file, dim, dtype } = artefact.facts as unknown as VectorsFile
  return { file: join(artefact.folder, file), dim, dtype, rows: await artefact.int32('row'), imageIds: await artefact.int32('image'), parts: await artefact.int32('part') }
}

/** Vectors that stand in the artefact's own folder (float32). `models`: ids of the models they come from. */
export async function writeVectors(out: ArtefactWriter, { matrix, images, parts }: Vectors, { models, summary, facts = {} }: { models: readonly string[]; summary: string; facts?: Readonly<Record<string, unknown>> }): Promise<void> {
  const file = await VectorFile.open(join(out.folder, 'vectors.bin'), { dim: matrix.dim, dtype: 'float32' })
  try {
    const rowsAtOnce = Math.max(1, Math.floor(2 ** 24 / matrix.dim))
    for (let from = 0; from < matrix.rows; from += rowsAtOnce) await file.append(matrix.data.subarray(from * matrix.dim, Math.min(matrix.rows, from + rowsAtOnce) * matrix.dim))
  } finally {
    await file.close()
  }
  await writeVectorRows(out, { file: 'vectors.bin', dim: matrix.dim, dtype: 'float32' }, Int32Array.from({ length: matrix.rows }, (_, i) => i), images, parts, { models, summary, facts })
}

/** Names rows of a vectors file. `file` relative to the artefact's final folder, results/KEY. */
export async function writeVectorRows(out: ArtefactWriter, { file, dim, dtype }: VectorsFile, rows: Int32Array, images: Int32Array, parts: Int32Array, { models, summary, facts = {} }: { models: readonly string[]; summary: string; facts?: Readonly<Record<string, unknown>> }): Promise<void> {
  await out.column('row', rows)
  await out.column('image', images)
  await out.column('part', parts)
  await out.finish('vectors', summary, { file, dim, dtype, models: [...models], vectors: rows.length, ...facts })
}

/** Ranked lists: n queries, at most k references each, best first; reference -1 where there are fewer. Higher scores are better. */
export interface Lists {
  readonly queries: Int32Array
  readonly queryParts: Int32Array
  readonly k: number
  readonly references: Int32Array
  readonly referenceParts: Int32Array
  readonly scores: Float32Array
}

/** lists: `query`, `queryPart` int32 n; `reference`, `referencePart` int32 n x k; `score` float32 n x k. */
export async function readLists(artefact: Artefact): Promise<Lists> {
  return {
    queries: await artefact.int32('query'),
    queryParts: await artefact.int32('queryPart'),
    k: artefact.columns['reference']?.shape[1] ?? 0,
    references: await artefact.int32('reference'),
    referenceParts: await artefact.int32('referencePart'),
    scores: await artefact.float32('score')
  }
}

export async function writeLists(out: ArtefactWriter, lists: Lists, summary: string, facts: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const shape = [lists.queries.length, lists.k]
  await out.column('query', lists.queries)
  await out.column('queryPart', lists.queryParts)
  await out.column('reference', lists.references, shape)
  await out.column('referencePart', lists.referenceParts, shape)
  await out.column('score', lists.scores, shape)
  await out.finish('lists', summary, { queries: lists.queries.length, k: lists.k, ...facts })
}

/** Pairs with a score, best first. `a` is the query side where there is one. */
export interface Pairs {
  readonly a: Int32Array
  readonly aParts: Int32Array
  readonly b: Int32Array
  readonly bParts: Int32Array
  readonly scores: Float32Array
}

/** pairs: `a`, `aPart`, `b`, `bPart` int32, `score` float32. Verified pairs also have `inliers` int32, `ratio` float32, `matrix` float64 n x 9, `points` float32 m x 4, `pointsFrom` int32 n + 1. */
export async function readPairs(artefact: Artefact): Promise<Pairs> {
  return { a: await artefact.int32('a'), aParts: await artefact.int32('aPart'), b: await artefact.int32('b'), bParts: await artefact.int32('bPart'), scores: await artefact.float32('score') }
}

/** The columns of pairs; the caller adds its own and finishes. */
export async function writePairColumns(out: ArtefactWriter, pairs: Pairs): Promise<void> {
  await out.column('a', pairs.a)
  await out.column('aPart', pairs.aParts)
  await out.column('b', pairs.b)
  await out.column('bPart', pairs.bParts)
  await out.column('score', pairs.scores)
}

export async function writePairs(out: ArtefactWriter, pairs: Pairs, summary: string, facts: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await writePairColumns(out, pairs)
  await out.finish('pairs', summary, { pairs: pairs.a.length, ...facts })
}

/** Pairs of either form: lists are read as their pairs, sorted by score (ties: query order, then rank). */
export async function readPairsOrLists(artefact: Artefact): Promise<Pairs> {
  if (artefact.kind === 'pairs') return await readPairs(artefact)
  if (artefact.kind !== 'lists') throw new WinnowError('BAD_INPUT', `Pairs or ranked lists are needed here, not ${artefact.kind}.`)
  const lists = await readLists(artefact)
  const places: number[] = []
  lists.references.forEach((reference, i) => void (reference >= 0 && places.push(i)))
  const order = Uint32Array.from(places).sort((x, y) => (lists.scores[y] as number) - (lists.scores[x] as number) || x - y)
  const queryOf = (i: number): number => Math.floor(i / lists.k)
  return {
    a: Int32Array.from(order, (i) => lists.queries[queryOf(i)] as number),
    aParts: Int32Array.from(order, (i) => lists.queryParts[queryOf(i)] as number),
    b: Int32Array.from(order, (i) => lists.references[i] as number),
    bParts: Int32Array.from(order, (i) => lists.referenceParts[i] as number),
    scores: Float32Array.from(order, (i) => lists.scores[i] as number)
  }
}

/** labels: `image`, `label` int32 (class ids of the project, or those that `facts.names` names: [[id, name], …]), `score` float32. An image may stand more than once (candidates, best first). */
export interface Labels {
  readonly images: Int32Array
  readonly labels: Int32Array
  readonly scores: Float32Array
}
export const readLabels = async (artefact: Artefact): Promise<Labels> =>
  ({ images: await artefact.int32('image'), labels: await artefact.int32('label'), scores: await artefact.float32('score') })

export async function writeLabels(out: ArtefactWriter, { images, labels, scores }: Labels, summary: string, facts: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await out.column('image', images)
  await out.column('label', labels)
  await out.column('score', scores)
  await out.finish('labels', summary, { labels: labels.length, ...facts })
}

/** metrics: `facts.values` (MetricValue[]); each curve in columns `NAME.x`, `NAME.y`[, `NAME.threshold`] float64 and `facts.curves` [{name, xTitle, yTitle}]. */
export async function writeMetrics(out: ArtefactWriter, values: readonly MetricValue[], curves: readonly { name: string; xTitle: string; yTitle: string; x: Float64Array; y: Float64Array; thresholds?: Float64Array }[], summary: string): Promise<void> {
  for (const { name, x, y, thresholds } of curves) {
    await out.column(`${name}.x`, x)
    await out.column(`${name}.y`, y)
    if (thresholds) await out.column(`${name}.threshold`, thresholds)
  }
  await out.finish('metrics', summary, { values, curves: curves.map(({ name, xTitle, yTitle }) => ({ name, xTitle, yTitle })) })
}
// truth: core/metrics/truth.ts. grid: core/clean. projection: core/descriptors (PCA). graph: core/rerank/graphArtefact.ts.
