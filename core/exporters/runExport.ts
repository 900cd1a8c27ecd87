import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { ExportSpec, ExportSummary } from '../contract/exports.ts'
import type { DuplicateSettings } from '../contract/duplicates.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Project } from '../project/project.ts'
import type { NewJobFailure } from '../project/repositories/jobs.ts'
import { datasetFile, type DatasetFile } from './dataset.ts'
import { exportPages, makeLayout, type Entry, type Scope } from './entries.ts'
import { FilesPool } from './filesPool.ts'
import type { Placed, PlacementProblem } from './fileWork.ts'
import { exportFiles } from './folderNames.ts'
import { filesOf, planExport, sourcePath } from './planExport.ts'
import { csvLines, jsonLine, manifestRecord, metadataRecord } from './records.ts'
import { UnfinishedExport } from './targetFolder.ts'
import { tool } from './tool.ts'
import { WrittenFile } from './writtenFile.ts'

export interface ExportRun {
  readonly project: Project
  readonly spec: ExportSpec
  readonly scope: Scope
  /** Names this export; one that was finished under the same name is taken as done. */
  readonly exportId: string
  /** How near-duplicates were read; for the record. */
  readonly duplicates: DuplicateSettings | null
  readonly signal?: AbortSignal
  readonly onProgress?: (stage: string, done: number, total: number) => void
  readonly onFailure?: (failure: NewJobFailure) => void
}

export type ExportOutcome = Omit<ExportSummary, 'id'> & { readonly resumed: boolean; readonly copiedInsteadOfLinked: number }

/**
 * Exports: builds everything in a hidden folder beside the target, reads each file back and compares it with the content the project knows, and
 * moves the folder into place in one step. Whenever it ends early, nothing is at the target.
 * Throws CONFLICT (something stands in the way), UNAVAILABLE (an original changed, disk full…) or the signal's reason.
 */
export async function runExport(run: ExportRun): Promise<ExportOutcome> {
  const started = Date.now()
  const { project, spec, scope, signal } = run
  const finished = await finishedBefore(run)
  if (finished) return finished
  const plan = await planExport(project, spec, scope, signal)
  if (plan.conflicts.length > 0) throw new WinnowError('CONFLICT', plan.conflicts.map(({ message }) => message).join(' '), plan.conflicts)
  const unfinished = await UnfinishedExport.begin(spec.target)
  const pool = new FilesPool()
  const writer = new ExportWriter(run, unfinished.folder, pool, plan.images)
  try {
    const layout = await makeLayout(project, spec)
    for await (const entries of exportPages(project, scope, layout, signal)) await writer.add(entries)
    signal?.throwIfAborted()
    const dataset = await writer.finish(layout.folders)
    await unfinished.finish(writer.folders)
    return summaryOf(dataset, spec, { started, resumed: false })
  } catch (error) {
    await writer.abandon()
    await unfinished.discard()
    throw error
  } finally {
    await pool.close()
  }
}

const summaryOf = (dataset: DatasetFile, spec: ExportSpec, { started, resumed }: { started: number; resumed: boolean }): ExportOutcome => ({
  at: Date.parse(dataset.createdAt),
  target: resolve(spec.target),
  format: spec.format,
  media: spec.media,
  images: dataset.counts.images,
  bytes: dataset.counts.bytes,
  excluded: Object.values(dataset.counts.excluded).reduce((sum, n) => sum + n, 0),
  manifestSha256: dataset.manifest.sha256,
  milliseconds: resumed ? 0 : Date.now() - started,
  resumed,
  copiedInsteadOfLinked: dataset.counts.copiedInsteadOfLinked
})

/** An engine that was killed between the last step on disk and its note of it finds its own export in place. */
async function finishedBefore({ spec, exportId }: ExportRun): Promise<ExportOutcome | null> {
  const text = await readFile(join(resolve(spec.target), exportFiles.dataset), 'utf8').catch(() => null)
  if (text === null) return null
  const dataset = await Promise.resolve(text).then((json) => datasetFile.safeParse(JSON.parse(json)).data, () => undefined)
  return dataset?.exportId === exportId ? summaryOf(dataset, spec, { started: 0, resumed: true }) : null
}

type Kept = Extract<Entry, { kind: 'kept' }>

interface Tables {
  readonly manifest: WrittenFile
  readonly sums: WrittenFile
  readonly table: WrittenFile | null
}

/** Writes the files and tables of one export, page by page, in the order in which they come. */
class ExportWriter {
  readonly #run: ExportRun
  readonly #folder: string
  readonly #pool: FilesPool
  readonly #total: number
  readonly #open: WrittenFile[] = []
  readonly #classes = new Map<string | null, number>()
  readonly #excluded = new Map<string, number>()
  readonly folders = new Set<string>()
  #files: Tables | null = null
  #keepers: ReadonlySet<number> = new Set()
  #images = 0
  #bytes = 0
  #copied = 0
  #lines = 0
  #done = 0

  constructor(run: ExportRun, folder: string, pool: FilesPool, total: number) {
    this.#run = run
    this.#folder = folder
    this.#pool = pool
    this.#total = total
    if (run.scope.notSelected > 0) this.#excluded.set('not selected', run.scope.notSelected)
  }

  async add(entries: readonly Entry[]): Promise<void> {
    this.#files ??= await this.#start()
    const { manifest, sums, table } = this.#files
    const kept = entries.filter((entry): entry is Kept => entry.kind === 'kept')
    await this.#place(kept)
    for (const entry of entries) if (entry.kind === 'excluded') this.#excluded.set(entry.reason, (this.#excluded.get(entry.reason) ?? 0) + 1)
    for (const { row, path } of kept) {
      this.#images++
      this.#bytes += row.bytes
      this.#classes.set(row.className, (this.#classes.get(row.className) ?? 0) + 1)
      if (path !== null) this.#noteFolders(path)
    }
    this.#lines += entries.length
    await manifest.write(entries.map((entry) => jsonLine(manifestRecord(entry))).join(''))
    await sums.write(kept.map(({ row, path }) => (path === null ? '' : `${row.sha256}  ${path}\n`)).join(''))
    if (!table || kept.length === 0) return
    const records = kept.map(({ row, path }) => metadataRecord(row, path, this.#keepers))
    await table.write(table.name === exportFiles.csv ? csvLines(records, this.#images === kept.length) : records.map(jsonLine).join(''))
  }

  /** Writes what describes the whole; returns what dataset.json says. */
  async finish(classFolders: ReadonlyMap<string, string>): Promise<DatasetFile> {
    const { manifest, sums, table } = this.#files ?? (await this.#start())
    const { project, spec, scope, exportId, duplicates } = this.#run
    const names = [...this.#classes.keys()].filter((name) => name !== null)
    const classes = names.map((name) => ({ name: name as string | null, folder: classFolders.get(name) ?? '', count: this.#classes.get(name) ?? 0 })).sort((a, b) => (a.folder < b.folder ? -1 : 1))
    const classFile = await this.#create(exportFiles.classes)
    await classFile.write(classes.map(({ folder }) => `${folder}\n`).join(''))
    const files = [await classFile.close(), ...(table ? [await table.close()] : [])]
    const listed = await manifest.close()
    const { runs, descriptors } = await project.read.exports.provenance()
    const dataset: DatasetFile = {
      kind: 'winnow-dataset',
      version: 1,
      tool,
      exportId,
      createdAt: new Date().toISOString(),
      project: { id: project.meta.id, name: project.meta.name },
      format: spec.format,
      media: spec.media,
      filters: {
        selection: spec.selection ? `${scope.ids.length} selected images` : 'all images',
        labelledOnly: spec.labelledOnly,
        withoutUnsure: spec.withoutUnsure,
        splitFolders: spec.splitFolders
      },
      counts: { images: this.#images, bytes: this.#bytes, copiedInsteadOfLinked: this.#copied, excluded: Object.fromEntries([...this.#excluded].sort(([a], [b]) => (a < b ? -1 : 1))) },
      classes: [...classes, ...(this.#classes.has(null) ? [{ name: null, folder: '_unlabelled', count: this.#classes.get(null) ?? 0 }] : [])],
      duplicates,
      runs: [...runs],
      models: [...descriptors],
      manifest: { ...listed, lines: this.#lines },
      files
    }
    const datasetJson = await this.#create(exportFiles.dataset)
    await datasetJson.write(`${JSON.stringify(dataset, null, 2)}\n`)
    const described = await datasetJson.close()
    await sums.write([...files, listed, described].map(({ sha256, path }) => `${sha256}  ${path}\n`).join(''))
    await sums.close()
    return dataset
  }

  async abandon(): Promise<void> {
    await Promise.all(this.#open.map((file) => file.abandon()))
  }

  async #start(): Promise<Tables> {
    this.#keepers = new Set(await this.#run.project.read.exports.keepers())
    const table = filesOf(this.#run.spec).find((name) => name === exportFiles.csv || name === exportFiles.jsonl)
    this.#files = { manifest: await this.#create(exportFiles.manifest), sums: await this.#create(exportFiles.sums), table: table ? await this.#create(table) : null }
    return this.#files
  }

  async #create(name: string): Promise<WrittenFile> {
    const file = await WrittenFile.create(this.#folder, name)
    this.#open.push(file)
    return file
  }

  #noteFolders(path: string): void {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end)
      if (this.folders.has(folder)) return
      this.folders.add(folder)
    }
  }

  async #place(kept: readonly Kept[]): Promise<void> {
    const { spec, signal, onProgress, onFailure } = this.#run
    const items = kept.map(({ row, path }) => ({ source: sourcePath(row), target: path === null ? null : join(this.#folder, path), bytes: row.bytes, mtimeMs: row.mtimeMs, sha256: row.sha256 }))
    const results = await this.#pool.place(items, { media: spec.media, copyIfLinkFails: spec.copyIfLinkFails }, signal, (count) => {
      this.#done += count
      onProgress?.(stageOf(spec), this.#done, this.#total)
    })
    const wrong: { entry: Kept; placed: Placed }[] = []
    kept.forEach((entry, i) => {
      const placed = results[i]
      if (placed?.copied) this.#copied++
      if (placed?.problem) wrong.push({ entry, placed })
    })
    if (wrong.length === 0) return
    for (const { entry, placed } of wrong) onFailure?.({ imageId: entry.row.id, subject: entry.row.path, reason: placed.problem ?? 'failed', detail: placed.detail })
    throw placementError(wrong)
  }
}

const stageOf = ({ media }: ExportSpec): string => (media === 'copy' ? 'Copying and checking' : media === 'list' ? 'Checking' : 'Linking and checking')

const advice: Record<PlacementProblem, string> = {
  changed: 'changed on disk since the scan. Scan again, look at it, and export again',
  vanished: 'is no longer there. Scan again, and export again',
  unreadable: 'cannot be read. Check its permissions',
  'other-volume': 'lies on another volume, where a hard link cannot be made. Let such files be copied, or choose a folder on the same volume',
  'no-space': 'did not fit: the disk is full. Free some space, or choose another folder',
  'not-allowed': 'could not be linked: the system does not allow it. Choose copies',
  failed: 'could not be exported'
}

function placementError(wrong: readonly { readonly entry: Kept; readonly placed: Placed }[]): WinnowError {
  const [first] = wrong
  if (!first) return new WinnowError('UNAVAILABLE', 'The export failed.')
  const { row } = first.entry
  const others = wrong.length > 1 ? ` The same or similar befell ${wrong.length - 1} more.` : ''
  return new WinnowError('UNAVAILABLE', `${row.root}/${row.path} ${advice[first.placed.problem ?? 'failed']} (${first.placed.detail}). Nothing was written to the target.${others}`)
}
