import { classKey } from '../domain/className.ts'
import { WinnowError } from '../domain/errors.ts'
import type { CsvRow } from '../importers/csvRows.ts'
import { GrowingInt32 } from '../search/growingList.ts'
import { groupRows } from './groups.ts'
import { type ClassTruth, type FlagsTruth, grades, type PairLabelsTruth, type PairsTruth, type RelevanceTruth, type Truth, usages } from './truth.ts'
import { layouts, truthColumns, type TruthColumns, type TruthLayout } from './truthColumns.ts'

/** The id of the image that a text names; null where there is none, or a sentence that says why there is no single one. */
export type Joiner = (name: string) => number | string | null

export interface JoinReport {
  readonly layout: TruthLayout
  /** Rows of the file, without the header. */
  readonly rows: number
  /** Rows all of whose names found their images. */
  readonly matched: number
  /** Rows with a name that found no image: what they say is not part of the truth. Of rows that list several images only the lost ones are left out. */
  readonly missing: number
  /** Rows (or entries) that say again what an earlier one said. */
  readonly duplicated: number
  /** Rows that the file marks as not scored (Usage Ignored). */
  readonly ignored: number
  /** Names that found no image, counted where they stand. */
  readonly missingNames: number
  /** The first of them, by line. */
  readonly problems: readonly { readonly line: number; readonly message: string }[]
}

export interface TruthFileOptions {
  readonly file: string
  readonly layout?: TruthLayout | 'auto'
  /** Names of queries, and of all images that are no references. */
  readonly join: Joiner
  /** Names of references; the same as `join` unless told. */
  readonly joinReference?: Joiner
}

const mostProblems = 20

/**
 * Ground truth from the rows of a CSV file, header first, found by the names of its columns: ISC `query_id,reference_id` (no reference: a
 * distractor), GLD solutions `id,images,Usage` and `id,landmarks,Usage` (several, with blanks between), `query,image,grade` (easy, hard, junk,
 * relevant), `image,label`, `landmark_id,images`, pets `imageA,imageB,label`, `image,clean` (or foreign). Rows stream; what is held is typed arrays.
 * Throws BAD_INPUT naming the line and the field of a value that cannot be.
 */
export async function readTruthRows(rows: AsyncIterable<CsvRow>, { file, layout = 'auto', join, joinReference = join }: TruthFileOptions): Promise<{ truth: Truth; report: JoinReport }> {
  const iterator = rows[Symbol.asyncIterator]()
  const header = await iterator.next()
  if (header.done) throw new WinnowError('BAD_INPUT', `${file} is empty. It should have a header line, such as ${layouts[layout === 'auto' ? 'pairs' : layout].example}.`)
  const columns = truthColumns(header.value.fields, file, layout)
  const reading = new Reading(file, columns)
  const sink = sinks[columns.layout](reading, join, joinReference)
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    reading.begin(next.value)
    sink.row()
    reading.end()
  }
  const truth = sink.finish()
  return { truth, report: reading.report() }
}

interface Sink {
  row(): void
  finish(): Truth
}

/** The row at hand, and what is counted over all of them. */
class Reading {
  readonly file: string
  readonly #columns: TruthColumns
  readonly #problems: { line: number; message: string }[] = []
  #row: CsvRow = { line: 0, fields: [] }
  #rows = 0
  #matched = 0
  #missing = 0
  #duplicated = 0
  #ignored = 0
  #missingNames = 0
  #lost = false
  #skipped = false

  constructor(file: string, columns: TruthColumns) {
    this.file = file
    this.#columns = columns
  }

  get line(): number {
    return this.#row.line
  }

  begin(row: CsvRow): void {
    this.#row = row
    this.#rows++
    this.#lost = false
    this.#skipped = false
  }

  end(): void {
    if (this.#skipped) this.#ignored++
    else if (this.#lost) this.#missing++
    else this.#matched++
  }

  has(column: keyof TruthColumns['at']): boolean {
    return this.#columns.at[column] !== undefined
  }

  text(column: keyof TruthColumns['at']): string {
    return (this.#row.fields[this.#columns.at[column] ?? -1] ?? '').trim()
  }

  /** The image that the column names; null (and noted) where there is none. */
  image(column: keyof TruthColumns['at'], join: Joiner): number | null {
    const name = this.text(column)
    if (name === '') throw this.wrong(column, 'names no image')
    return this.find(name, join)
  }

  find(name: string, join: Joiner): number | null {
    const found = join(name)
    if (typeof found === 'number') return found
    this.#lost = true
    this.#missingNames++
    this.#problem(this.#row.line, found ?? `No image of the sets given is called "${name.slice(0, 100)}".`)
    return null
  }

  /** The position in `usages`; null for a row that is not scored. */
  usage(): number | null {
    const usage = this.text('usage').toLowerCase()
    if (usage === 'ignored') {
      this.#skipped = true
      return null
    }
    if (usage === '') return 0
    const code = usages.findIndex((one) => one === usage)
    if (code < 0) throw this.wrong('usage', `is "${this.text('usage').slice(0, 40)}"; it should be Public, Private or Ignored`)
    return code
  }

  /** Rows (by their line) that repeated earlier ones. */
  repeated(lines: Iterable<number>, message = 'This says again what an earlier row says.'): void {
    for (const line of lines) {
      this.#duplicated++
      this.#problem(line, message)
    }
  }

  wrong(column: keyof TruthColumns['at'], what: string): WinnowError {
    const field = (this.#columns.at[column] ?? 0) + 1
    return new WinnowError('BAD_INPUT', `${this.file}, line ${this.#row.line}, field ${field}: it ${what}. Nothing was read.`)
  }

  report(): JoinReport {
    return {
      layout: this.#columns.layout, rows: this.#rows, matched: this.#matched, missing: this.#missing, duplicated: this.#duplicated, ignored: this.#ignored,
      missingNames: this.#missingNames, problems: this.#problems
    }
  }

  #problem(line: number, message: string): void {
    if (this.#problems.length < mostProblems) this.#problems.push({ line, message })
  }
}

const sinks: Readonly<Record<TruthLayout, (reading: Reading, join: Joiner, joinReference: Joiner) => Sink>> = {
  pairs: pairsSink,
  retrieval: (reading, join, joinReference) => relevanceSink(reading, (add) => {
    const usage = reading.usage()
    if (usage === null) return
    const query = reading.image('id', join)
    if (query === null) return
    add(query, -1, 0, usage)
    for (const name of several(reading.text('images'))) {
      const image = reading.find(name, joinReference)
      if (image !== null) add(query, image, 0, usage)
    }
  }),
  graded: (reading, join, joinReference) => relevanceSink(reading, (add) => {
    const usage = reading.usage()
    if (usage === null) return
    const grade = grades.findIndex((one) => one === reading.text('grade').toLowerCase())
    if (grade < 0) throw reading.wrong('grade', `is "${reading.text('grade').slice(0, 40)}"; it should be ${grades.join(', ')}`)
    const query = reading.image('query', join)
    const image = reading.image('gradedImage', joinReference)
    if (query !== null) add(query, image ?? -1, grade, usage)
  }),
  recognition: (reading, join) => classSink(reading, (add) => {
    const usage = reading.usage()
    if (usage === null) return
    const image = reading.image('id', join)
    if (image === null) return
    add(image, null, usage)
    for (const name of several(reading.text('landmarks'))) add(image, name, usage)
  }),
  classes: (reading, join) => classSink(reading, (add) => {
    const usage = reading.usage()
    if (usage === null) return
    const image = reading.image('image', join)
    // No label is a statement too: nothing should be said of this image.
    if (image !== null) add(image, reading.text('label') || null, usage)
  }),
  classImages: (reading, join) => classSink(reading, (add) => {
    const label = reading.text('label')
    if (label === '') throw reading.wrong('label', 'names no class')
    for (const name of several(reading.text('images'))) {
      const image = reading.find(name, join)
      if (image !== null) add(image, label, 0)
    }
  }),
  pairLabels: pairLabelsSink,
  flags: flagsSink
}

/** Ids with blanks between, as the Landmark files list them; "None" is what some write for none. */
const several = (field: string): string[] => field.split(/\s+/u).filter((name) => name !== '' && name !== 'None')

function pairsSink(reading: Reading, join: Joiner, joinReference: Joiner): Sink {
  const query = new GrowingInt32()
  const reference = new GrowingInt32()
  const lines = new GrowingInt32()
  return {
    row() {
      const from = reading.image('query', join)
      const to = reading.text('reference') === '' ? -1 : reading.image('reference', joinReference)
      if (from === null) return
      query.push(from)
      reference.push(to ?? -1)
      // A query whose match is not here stays a query: what is predicted for it counts.
      lines.push(to === null ? -reading.line : reading.line)
    },
    finish(): PairsTruth {
      const groups = groupRows(query.view(), reference.view())
      reading.repeated(linesOf(groups.repeats, lines))
      return { kind: 'pairs', queries: groups.keys, query: groups.valueRow.map((row) => query.view()[row] as number), reference: groups.values }
    }
  }
}

function relevanceSink(reading: Reading, read: (add: (query: number, image: number, grade: number, usage: number) => void) => void): Sink {
  const query = new GrowingInt32()
  const image = new GrowingInt32()
  const grade = new GrowingInt32()
  const usage = new GrowingInt32()
  const lines = new GrowingInt32()
  const add = (of: number, to: number, graded: number, used: number): void => {
    query.push(of)
    image.push(to)
    grade.push(graded)
    usage.push(used)
    // The bare statement "this is a query" may stand often.
    lines.push(to < 0 ? -reading.line : reading.line)
  }
  return {
    row: () => read(add),
    finish(): RelevanceTruth {
      const groups = groupRows(query.view(), image.view())
      reading.repeated(linesOf(groups.repeats, lines))
      return {
        kind: 'relevance', queries: groups.keys, offsets: groups.offsets, images: groups.values,
        grade: Uint8Array.from(groups.valueRow, (row) => grade.view()[row] as number), usage: Uint8Array.from(groups.keyRow, (row) => usage.view()[row] as number)
      }
    }
  }
}

function classSink(reading: Reading, read: (add: (image: number, name: string | null, usage: number) => void) => void): Sink {
  const image = new GrowingInt32()
  const classes = new GrowingInt32()
  const usage = new GrowingInt32()
  const lines = new GrowingInt32()
  const names: string[] = []
  const placeOf = new Map<string, number>()
  const place = (name: string): number => {
    const key = classKey(name)
    const known = placeOf.get(key)
    if (known !== undefined) return known
    placeOf.set(key, names.length)
    return names.push(name) - 1
  }
  const add = (of: number, name: string | null, used: number): void => {
    image.push(of)
    classes.push(name === null ? -1 : place(name))
    usage.push(used)
    lines.push(name === null ? -reading.line : reading.line)
  }
  return {
    row: () => read(add),
    finish(): ClassTruth {
      const groups = groupRows(image.view(), classes.view())
      reading.repeated(linesOf(groups.repeats, lines))
      return {
        kind: 'classes', images: groups.keys, offsets: groups.offsets, classes: groups.values, names,
        usage: Uint8Array.from(groups.keyRow, (row) => usage.view()[row] as number)
      }
    }
  }
}

function pairLabelsSink(reading: Reading, join: Joiner, joinReference: Joiner): Sink {
  const a = new GrowingInt32()
  const b = new GrowingInt32()
  const label = new GrowingInt32()
  const lines = new GrowingInt32()
  return {
    row() {
      const same = yesOrNo(reading, 'same')
      const first = reading.image('a', join)
      const second = reading.image('b', joinReference)
      if (first === null || second === null) return
      a.push(first)
      b.push(second)
      label.push(same ? 1 : 0)
      lines.push(reading.line)
    },
    finish(): PairLabelsTruth {
      // (a, b) is the pair (b, a).
      const low = a.view().map((one, i) => Math.min(one, b.view()[i] as number))
      const high = a.view().map((one, i) => Math.max(one, b.view()[i] as number))
      const { valueRow, repeats } = groupRows(low, high)
      reading.repeated(linesOf(repeats, lines), 'This pair stands in an earlier row already, which counts.')
      const rows = valueRow.sort()
      return { kind: 'pairLabels', a: rows.map((row) => a.view()[row] as number), b: rows.map((row) => b.view()[row] as number), label: Uint8Array.from(rows, (row) => label.view()[row] as number) }
    }
  }
}

function flagsSink(reading: Reading, join: Joiner): Sink {
  const image = new GrowingInt32()
  const flag = new GrowingInt32()
  const lines = new GrowingInt32()
  return {
    row() {
      const clean = reading.has('clean') ? yesOrNo(reading, 'clean') : !yesOrNo(reading, 'foreign')
      const of = reading.image('image', join)
      if (of === null) return
      image.push(of)
      flag.push(clean ? 1 : 0)
      lines.push(reading.line)
    },
    finish(): FlagsTruth {
      const { keys, keyRow, repeats } = groupRows(image.view(), new Int32Array(image.length))
      reading.repeated(linesOf(repeats, lines), 'This image stands in an earlier row already, which counts.')
      return { kind: 'flags', images: keys, flag: Uint8Array.from(keyRow, (row) => flag.view()[row] as number) }
    }
  }
}

const yes = new Set(['1', 'true', 'yes', 'same', '1.0'])
const no = new Set(['0', 'false', 'no', 'different', '0.0'])

function yesOrNo(reading: Reading, column: 'same' | 'clean' | 'foreign'): boolean {
  const text = reading.text(column).toLowerCase()
  if (yes.has(text)) return true
  if (no.has(text)) return false
  throw reading.wrong(column, `is "${text.slice(0, 40)}"; it should be 1 or 0`)
}

/** The lines of these rows; a row kept under a negative line may be repeated. */
function* linesOf(rows: Int32Array, lines: GrowingInt32): Generator<number> {
  const view = lines.view()
  for (const row of rows) if ((view[row] as number) > 0) yield view[row] as number
}
