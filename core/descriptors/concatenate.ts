import { WinnowError } from '../domain/errors.ts'
import { type Matrix, normaliseRows } from '../domain/matrix.ts'

/** Descriptors of one model: row i describes ids[i]. */
export interface NamedDescriptors<Id extends string | number> {
  readonly ids: ArrayLike<Id>
  readonly matrix: Matrix
  readonly weight: number
}

export interface ConcatenateOptions<Id> {
  /** Scale each model's rows to length 1 first, so that the weights alone say how much it counts. */
  readonly normaliseEach: boolean
  /** Scale the joined rows to length 1. */
  readonly normalise: boolean
  /** What becomes of an id that a model lacks: an error that names it, or it is left out and reported. */
  readonly missing: 'error' | 'leave-out'
  readonly idName?: (id: Id) => string
  readonly modelName?: (model: number) => string
}

export interface Concatenated<Id> {
  /** Ascending: numbers by value, texts by their UTF-16 code units. */
  readonly ids: Id[]
  readonly matrix: Matrix
  /** For each model the ids that it lacks and another one has, in the order in which they were met. */
  readonly missing: readonly (readonly Id[])[]
}

/**
 * Descriptors of several models side by side, each times its weight: n x (sum of dims), joined by id and never by row
 * (lyakaap/Landmark2019-1st-and-3rd-Place-Solution, src/utils.py, prepare_ids_and_feats). The inner product of two joined rows is the sum of
 * the models' own, weighted by the squares. Throws BAD_INPUT where a model names an id twice, or by option where it lacks one.
 */
export function concatenate<Id extends string | number>(models: readonly NamedDescriptors<Id>[], options: ConcatenateOptions<Id>): Concatenated<Id> {
  const { idName = String, modelName = (model) => `Model ${model + 1}` } = options
  const rowsOf = models.map(({ ids }, model) => {
    const rows = new Map<Id, number>()
    for (let row = 0; row < ids.length; row++) {
      const id = ids[row] as Id
      if (rows.has(id)) throw new WinnowError('BAD_INPUT', `${modelName(model)} describes ${idName(id)} twice (rows ${rows.get(id)} and ${row}). Take one of the two out.`)
      rows.set(id, row)
    }
    return rows
  })
  const every = new Set<Id>(rowsOf.flatMap((rows) => [...rows.keys()]))
  const missing = rowsOf.map((rows, model) => {
    const lacking = rows.size === every.size ? [] : [...every].filter((id) => !rows.has(id))
    const [first] = lacking
    if (first !== undefined && options.missing === 'error') {
      const others = lacking.length > 1 ? ` and ${(lacking.length - 1).toLocaleString('en')} more` : ''
      throw new WinnowError('BAD_INPUT', `${modelName(model)} does not describe ${idName(first)}${others}, which another model does. Embed the same images with every model, or leave out what is not complete.`)
    }
    return lacking
  })
  const ids = [...every].filter((id) => rowsOf.every((rows) => rows.has(id))).sort((x, y) => (x < y ? -1 : 1))
  const dim = models.reduce((sum, { matrix }) => sum + matrix.dim, 0)
  const data = new Float32Array(ids.length * dim)
  let column = 0
  for (const [model, { matrix, weight }] of models.entries()) {
    const rows = rowsOf[model] as Map<Id, number>
    for (const [at, id] of ids.entries()) weigh(matrix, rows.get(id) as number, weight, options.normaliseEach, data, at * dim + column)
    column += matrix.dim
  }
  if (options.normalise) normaliseRows(data, dim)
  return { ids, matrix: { rows: ids.length, dim, data }, missing }
}

function weigh({ dim, data }: Matrix, row: number, weight: number, normalise: boolean, into: Float32Array, at: number): void {
  let factor = weight
  if (normalise) {
    let squares = 0
    for (let i = row * dim; i < (row + 1) * dim; i++) squares += (data[i] as number) ** 2
    if (squares > 0) factor /= Math.sqrt(squares)
  }
  for (let d = 0; d < dim; d++) into[at + d] = (data[row * dim + d] as number) * factor
}
