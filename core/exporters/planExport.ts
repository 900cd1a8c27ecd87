import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { ExportPlan, ExportSpec } from '../contract/exports.ts'
import type { Project } from '../project/project.ts'
import type { ExportRow } from '../project/repositories/exports.ts'
import { exportPages, makeLayout, type Entry, type Scope } from './entries.ts'
import { exportCommand } from './exportCommand.ts'
import { exportFiles } from './folderNames.ts'
import { csvLines, jsonLine, manifestRecord, metadataRecord } from './records.ts'
import { freeBytes, targetConflicts, volumeOf } from './targetFolder.ts'

const shownRows = 5
const shownRenames = 8
const shownClasses = 14
/** Originals that a dry run looks at: all of them up to here, evenly spread ones beyond. */
const mostLookedAt = 4000

const atOnce = 32
const count = (n: number, one: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : `${one}s`}`
export const sourcePath = ({ root, pathRaw }: Pick<ExportRow, 'root' | 'pathRaw'>): Buffer => Buffer.concat([Buffer.from(root), Buffer.from(root.endsWith('/') ? '' : '/'), pathRaw])

/** Says what an export would do; writes nothing. Conflicts are what has to be put right first. */
export async function planExport(project: Project, spec: ExportSpec, scope: Scope, signal?: AbortSignal): Promise<ExportPlan> {
  const layout = await makeLayout(project, spec)
  const roots = await project.read.roots.list()
  const keepers = new Set(await project.read.exports.keepers())
  const excluded = new Map<string, number>()
  const classes = new Map<string | null, number>()
  const folders = new Map<string, number>()
  const byRoot = new Map<string, number>()
  const renamedExamples: { from: string; to: string }[] = []
  const first: Extract<Entry, { kind: 'kept' }>[] = []
  const originals = new Originals(scope.ids.length)
  let images = 0
  let bytes = 0
  let renamed = 0
  for await (const entries of exportPages(project, scope, layout, signal)) {
    for (const entry of entries) {
      const { row } = entry
      if (entry.kind === 'excluded') {
        excluded.set(entry.reason, (excluded.get(entry.reason) ?? 0) + 1)
        continue
      }
      if (first.length < shownRows) first.push(entry)
      images++
      bytes += row.bytes
      classes.set(row.className, (classes.get(row.className) ?? 0) + 1)
      byRoot.set(row.root, (byRoot.get(row.root) ?? 0) + 1)
      if (entry.path !== null) {
        const folder = entry.path.slice(0, entry.path.lastIndexOf('/'))
        folders.set(folder, (folders.get(folder) ?? 0) + 1)
      }
      if (entry.renamed && entry.path !== null) {
        renamed++
        if (renamedExamples.length < shownRenames) renamedExamples.push({ from: row.path, to: entry.path })
      }
      originals.add(row)
    }
  }
  if (scope.notSelected > 0) excluded.set('not selected', scope.notSelected)
  const free = await freeBytes(spec.target)
  const conflicts: { message: string; count: number }[] = []
  for (const message of await targetConflicts(spec.target, [...roots.map(({ path }) => ({ path, what: 'the image folder' })), { path: project.folder, what: 'the project' }])) conflicts.push({ message, count: 1 })
  if (images === 0) conflicts.push({ message: 'Nothing would be exported: every image is left out. Look at the reasons.', count: 1 })
  const linked = spec.media === 'hardlink' ? await apartFrom(spec.target, byRoot) : null
  const needed = spec.media === 'copy' ? bytes : spec.copyIfLinkFails && linked && linked.images > 0 ? Math.round((bytes * linked.images) / images) : 0
  if (free !== null && needed > free) conflicts.push({ message: `The copies take ${gigabytes(needed)}, and ${gigabytes(free)} are free there. Choose another folder, or links, or a list only.`, count: 1 })
  if (linked && linked.images > 0 && !spec.copyIfLinkFails) {
    conflicts.push({ message: `${count(linked.images, 'image')} in ${linked.roots[0] ?? ''} lie on another volume than the target, and a hard link cannot cross volumes. Choose a folder on the same volume, or let these be copied.`, count: linked.images })
  }
  const gone = await originals.unreachable()
  if (gone.count > 0) conflicts.push({ message: `${gone.sampled ? 'At least ' : ''}${count(gone.count, 'original')} cannot be read now, such as ${gone.example}. Bring the folder back, or scan again so that they count as missing.`, count: gone.count })
  return {
    images,
    bytes,
    freeBytes: free,
    excluded: [...excluded].map(([reason, n]) => ({ reason, count: n })).sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1)),
    classes: [...classes]
      .map(([name, n]) => ({ name: name ?? '(no class)', folder: layout.folderOf(name), count: n }))
      .sort((a, b) => (a.folder < b.folder ? -1 : 1)),
    renamed,
    renamedExamples,
    conflicts,
    warnings: warningsOf(spec, linked?.images ?? 0, classes.get(null) ?? 0),
    tree: treeOf(spec, folders, images),
    firstRows: firstRowsOf(spec, first, keepers),
    command: exportCommand(project.folder, spec)
  }
}

const gigabytes = (bytes: number): string => (bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`)

function warningsOf({ media, format, copyIfLinkFails }: ExportSpec, apart: number, withoutClass: number): string[] {
  const warnings: string[] = []
  if (media === 'hardlink') warnings.push('A hard link is the same file as the original: a program that edits the exported file in place edits the original too.')
  if (media === 'hardlink' && copyIfLinkFails && apart > 0) warnings.push(`${count(apart, 'image')} on another volume will be copied.`)
  if (media === 'symlink') warnings.push('The links point to where the originals are now: they break when those are moved, and the export cannot be taken to another machine.')
  if (media === 'list') warnings.push('No image is exported, only paths to the originals.')
  if (withoutClass > 0 && format === 'imagefolder' && media !== 'list') warnings.push(`${count(withoutClass, 'image')} without a class go to _unlabelled, which a loader takes for a class. Leave them out where that is not meant.`)
  return warnings
}

/** Images whose originals lie on another volume than the target. */
async function apartFrom(target: string, byRoot: ReadonlyMap<string, number>): Promise<{ images: number; roots: string[] }> {
  const volume = await volumeOf(target)
  const roots: string[] = []
  let images = 0
  for (const [root, n] of byRoot) {
    if ((await volumeOf(root)) === volume) continue
    roots.push(root)
    images += n
  }
  return { images, roots }
}

function treeOf(spec: ExportSpec, folders: ReadonlyMap<string, number>, images: number): string[] {
  const lines = [`${basename(resolve(spec.target))}/`]
  const names = [...folders.keys()].sort()
  let above = ''
  for (const name of names.slice(0, shownClasses)) {
    const parts = name.split('/')
    const parent = parts.slice(0, -1).join('/')
    if (parent !== above && parent !== '') lines.push(`  ${parent}/`)
    above = parent
    lines.push(`${'  '.repeat(parent === '' ? 1 : 2)}${parts.at(-1) ?? ''}/  ${count(folders.get(name) ?? 0, 'image')}`)
  }
  if (names.length > shownClasses) lines.push(`  … and ${count(names.length - shownClasses, 'more folder')}`)
  for (const file of filesOf(spec)) lines.push(`  ${file}${file === exportFiles.csv || file === exportFiles.jsonl ? `  ${count(images, 'row')}` : ''}`)
  return lines
}

/** The files beside the images, in the order in which SHA256SUMS names them. */
export function filesOf({ format, media }: ExportSpec): string[] {
  const table = format === 'jsonl' ? exportFiles.jsonl : format === 'csv' || media === 'list' ? exportFiles.csv : null
  return [exportFiles.classes, ...(table ? [table] : []), exportFiles.manifest, exportFiles.dataset, exportFiles.sums]
}

function firstRowsOf(spec: ExportSpec, first: readonly Extract<Entry, { kind: 'kept' }>[], keepers: ReadonlySet<number>): string[] {
  const table = filesOf(spec)
  if (table.includes(exportFiles.csv)) return csvLines(first.map(({ row, path }) => metadataRecord(row, path, keepers)), true).trimEnd().split('\r\n')
  if (table.includes(exportFiles.jsonl)) return first.map(({ row, path }) => jsonLine(metadataRecord(row, path, keepers)).trimEnd())
  return first.map((entry) => jsonLine(manifestRecord(entry)).trimEnd())
}

/** Some of the originals, evenly spread, to see whether they can still be read. */
class Originals {
  readonly #every: number
  readonly #paths: { path: Buffer; shown: string }[] = []
  #seen = 0
  constructor(total: number) {
    this.#every = Math.max(1, Math.ceil(total / mostLookedAt))
  }

  add(row: ExportRow): void {
    if (this.#seen++ % this.#every === 0) this.#paths.push({ path: sourcePath(row), shown: `${row.root}/${row.path}` })
  }

  async unreachable(): Promise<{ count: number; example: string; sampled: boolean }> {
    let gone = 0
    let example = ''
    for (let from = 0; from < this.#paths.length; from += atOnce) {
      const part = this.#paths.slice(from, from + atOnce)
      const readable = await Promise.all(part.map(async ({ path }) => await access(path, constants.R_OK).then(async () => (await stat(path)).isFile()).catch(() => false)))
      readable.forEach((ok, i) => {
        if (ok) return
        if (gone++ === 0) example = part[i]?.shown ?? ''
      })
    }
    return { count: gone, example, sampled: this.#every > 1 }
  }
}
