import { stringify } from 'csv-stringify/sync'
import type { DecisionNote } from '../project/repositories/exports.ts'
import type { Entry, KeptRow } from './entries.ts'

const decision = (note: DecisionNote | null) => (note ? { rule: note.kind, who: note.who, at: new Date(note.at).toISOString() } : null)

/** A path that is not UTF-8 is given by its bytes too: the text alone would not find the file again. */
const source = ({ root, path, pathRaw }: { root: string; path: string; pathRaw: Uint8Array }) => ({
  root,
  path,
  ...(Buffer.from(path).equals(pathRaw) ? {} : { pathBytes: Buffer.from(pathRaw).toString('base64') })
})

/** Where the label came from: with the data, from a person, or proposed by a run and accepted by a person. */
export type LabelSource = 'given' | 'human' | 'prediction'
const labelSource = ({ className, label }: KeptRow): LabelSource | null => (className === null ? null : label?.state !== 'class' ? 'given' : label.run === null ? 'human' : 'prediction')

/** One line of manifest.jsonl. Keys are always in this order, and nothing in it depends on when the export ran. */
export function manifestRecord(entry: Entry): Record<string, unknown> {
  const { row } = entry
  const content = { bytes: row.bytes, width: row.width, height: row.height, format: row.format, sha256: row.sha256, phash: row.phash }
  const label = {
    label: row.className,
    labelSource: 'sha256' in row && row.sha256 !== null ? labelSource(row as KeptRow) : null,
    labelRun: row.label?.run ?? null,
    labelScore: row.label?.score ?? null,
    labelState: row.label?.state ?? null,
    labelDecision: decision(row.label?.decision ?? null),
    givenLabel: row.given,
    prediction: row.prediction ? { label: row.prediction.className, score: row.prediction.score, run: row.prediction.run } : null
  }
  const place = { split: row.role, identity: row.identity, fold: row.fold }
  const verdict = { verdict: row.verdict?.value ?? null, verdictReason: row.verdict?.reason ?? null, verdictDecision: decision(row.verdict?.decision ?? null) }
  if (entry.kind === 'kept') return { status: 'kept', path: entry.path, ...content, ...label, ...place, ...verdict, source: source(row), id: row.id }
  return {
    status: 'excluded',
    reason: entry.reason,
    ...(row.failure ? { failure: row.failure } : {}),
    ...content,
    ...label,
    ...place,
    ...verdict,
    keeper: row.keeper ? { path: row.keeper.path, root: row.keeper.root, sha256: row.keeper.sha256, id: row.keeper.id } : null,
    similarity: row.verdict?.similarity ?? null,
    source: source(row),
    id: row.id
  }
}

/** What a training script reads: the row of metadata.csv and metadata.jsonl. `file_name` is what Hugging Face's ImageFolder looks for. */
export interface MetadataRecord {
  readonly file_name: string
  readonly label: string | null
  readonly label_source: string | null
  /** Of the prediction that a person accepted as the label. */
  readonly score: number | null
  /** What the newest run proposes, whether or not anyone has looked at it. */
  readonly predicted_label: string | null
  readonly predicted_score: number | null
  readonly split: string
  readonly identity: string | null
  readonly fold: number | null
  readonly group_id: number | null
  readonly keeper_id: number | null
  readonly decision: string | null
  readonly reason: string | null
  readonly width: number | null
  readonly height: number | null
  readonly bytes: number
  readonly format: string | null
  readonly sha256: string
  readonly phash: string | null
  readonly source: string
  readonly id: number
}

export const metadataColumns = [
  'file_name', 'label', 'label_source', 'score', 'predicted_label', 'predicted_score', 'split', 'identity', 'fold', 'group_id', 'keeper_id', 'decision', 'reason', 'width', 'height', 'bytes', 'format', 'sha256', 'phash', 'source', 'id'
] as const satisfies readonly (keyof MetadataRecord)[]

/** `keepers`: images that others were dropped for; such an image names its group. */
export function metadataRecord(row: KeptRow, path: string | null, keepers: ReadonlySet<number>): MetadataRecord {
  const original = `${row.root}/${row.path}`
  const group = keepers.has(row.id) ? row.id : null
  return {
    file_name: path ?? original,
    label: row.className,
    label_source: labelSource(row),
    score: row.label?.score ?? null,
    predicted_label: row.prediction?.className ?? null,
    predicted_score: row.prediction?.score ?? null,
    split: row.role,
    identity: row.identity,
    fold: row.fold,
    group_id: group,
    keeper_id: group,
    decision: row.verdict?.value ?? null,
    reason: row.verdict?.reason ?? null,
    width: row.width,
    height: row.height,
    bytes: row.bytes,
    format: row.format,
    sha256: row.sha256,
    phash: row.phash,
    source: original,
    id: row.id
  }
}

/**
 * CSV as in RFC 4180 (UTF-8, CRLF, quotes doubled). A text that a spreadsheet would run as a formula (it starts with = + - @, a tab or a carriage
 * return) gets an apostrophe before it, as OWASP advises.
 */
export const csvLines = (records: readonly MetadataRecord[], header: boolean): string =>
  stringify(records.map((record) => metadataColumns.map((column) => record[column])), {
    ...(header ? { header: true, columns: [...metadataColumns] } : {}),
    record_delimiter: 'windows',
    escape_formulas: true
  })

export const jsonLine = (record: unknown): string => `${JSON.stringify(record)}\n`
