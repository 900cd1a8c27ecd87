import type { ExportSpec } from '../contract/exports.ts'
import type { Project } from '../project/project.ts'
import type { ExportRow } from '../project/repositories/exports.ts'
import { FileNames } from './fileNames.ts'
import { classFolders, unlabelledFolder } from './folderNames.ts'

/** Why an image is left out, in words; the manifest and the plan say the same. */
export type ExclusionReason = 'dropped as a duplicate' | 'dropped' | 'marked unsure' | 'label marked unsure' | 'no class' | 'could not be read' | 'missing on disk' | 'not scanned yet'

export type Entry =
  /** `path` is relative to the export, parted by `/`; null where no file is exported (list only). */
  | { readonly kind: 'kept'; readonly row: KeptRow; readonly path: string | null; readonly renamed: boolean }
  | { readonly kind: 'excluded'; readonly row: ExportRow; readonly reason: ExclusionReason }

/** An image that is exported has been read: its content is known. */
export type KeptRow = ExportRow & { readonly sha256: string }

const isRead = (row: ExportRow): row is KeptRow => row.state === 'ready' && row.sha256 !== null

/** Whether a row is left out, and why. Dropped images stay out of every export: being kept out is what dropping means. */
function exclusionOf(row: ExportRow, spec: ExportSpec): ExclusionReason | null {
  if (row.state === 'missing') return 'missing on disk'
  if (row.state === 'failed') return 'could not be read'
  if (!isRead(row)) return 'not scanned yet'
  if (row.verdict?.value === 'drop') return row.keeper ? 'dropped as a duplicate' : 'dropped'
  if (spec.withoutUnsure && row.verdict?.value === 'unsure') return 'marked unsure'
  if (spec.withoutUnsure && row.label?.state === 'unsure') return 'label marked unsure'
  if (spec.labelledOnly && row.className === null) return 'no class'
  return null
}

/** Which images an export is about, in the fixed order of every export. */
export interface Scope {
  readonly ids: Int32Array
  readonly notSelected: number
}

export async function exportScope(project: Project, selected: Int32Array | null): Promise<Scope> {
  const order = await project.read.exports.order()
  if (!selected) return { ids: order, notSelected: 0 }
  const wanted = new Set(selected)
  const ids = order.filter((id) => wanted.has(id))
  return { ids, notSelected: order.length - ids.length }
}

/** Where everything goes: the folder of each class, and names that are given out one by one. */
export class Layout {
  readonly folders: ReadonlyMap<string, string>
  readonly #spec: ExportSpec
  readonly #names = new FileNames()

  constructor(spec: ExportSpec, classNames: readonly string[]) {
    this.#spec = spec
    this.folders = classFolders(classNames)
  }

  folderOf(className: string | null): string {
    return className === null ? unlabelledFolder : (this.folders.get(className) ?? unlabelledFolder)
  }

  entry(row: ExportRow): Entry {
    const reason = exclusionOf(row, this.#spec)
    if (reason || !isRead(row)) return { kind: 'excluded', row, reason: reason ?? 'not scanned yet' }
    if (this.#spec.media === 'list') return { kind: 'kept', row, path: null, renamed: false }
    const original = row.path.slice(row.path.lastIndexOf('/') + 1)
    const parts = [...(this.#spec.format === 'imagefolder' ? [] : ['images']), ...(this.#spec.splitFolders ? [row.role] : []), this.folderOf(row.className)]
    const path = this.#names.take(parts.join('/'), original, row.format, row.sha256)
    return { kind: 'kept', row, path, renamed: !path.endsWith(`/${original}`) }
  }
}

export const makeLayout = async (project: Project, spec: ExportSpec): Promise<Layout> => new Layout(spec, await project.read.exports.classNames())

const page = 250

/** Every image of the scope with what becomes of it, page by page: the whole table is never in memory. */
export async function* exportPages(project: Project, { ids }: Scope, layout: Layout, signal?: AbortSignal): AsyncGenerator<Entry[]> {
  const run = await project.read.predictions.liveRun()
  for (let from = 0; from < ids.length; from += page) {
    signal?.throwIfAborted()
    const rows = await project.read.exports.rows([...ids.subarray(from, from + page)], run)
    yield rows.map((row) => layout.entry(row))
  }
}
