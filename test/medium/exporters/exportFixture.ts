/** A project over real files, put into its database as a scan and a person's decisions would have left it. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exportSpec, type ExportSpec } from '../../../core/contract/exports.ts'
import { exportScope } from '../../../core/exporters/entries.ts'
import { runExport, type ExportOutcome } from '../../../core/exporters/runExport.ts'
import { openForWriting } from '../../../core/project/connection.ts'
import { Project } from '../../../core/project/project.ts'

export interface Picture {
  /** Below the root; bytes where it is not UTF-8. */
  readonly path: string | Buffer
  readonly content?: string
  readonly label?: string
  readonly human?: { readonly label?: string; readonly state?: 'class' | 'none' | 'unsure'; readonly run?: number; readonly score?: number }
  readonly verdict?: { readonly value: 'keep' | 'drop' | 'unsure'; readonly reason?: string; readonly keeper?: number; readonly similarity?: number }
  readonly state?: 'ready' | 'failed' | 'missing' | 'new'
  readonly role?: 'train' | 'test' | 'query' | 'reference' | 'negative'
}

const digest = (content: string | Buffer): Buffer => createHash('sha256').update(content).digest()

/** `keeper` counts from 1, in the order of the pictures, as their ids do. */
export async function projectOf(folder: string, pictures: readonly Picture[], name = 'Pictures'): Promise<Project> {
  const root = join(folder, 'originals')
  mkdirSync(root, { recursive: true })
  const project = await Project.create(join(folder, 'project'), name)
  const db = openForWriting(join(project.folder, 'project.db'))
  const rootId = db.prepare('INSERT INTO root (path, added_at) VALUES (?, 0)').run(root).lastInsertRowid
  const run = db.prepare("INSERT INTO run (kind, params, started_at, finished_at) VALUES ('folders', '{}', 0, 0)").run().lastInsertRowid
  const act = db.prepare("INSERT INTO act (at, who, kind, summary, count) VALUES (1700000000000, 'tester', 'accept-groups', 'test', 1)").run().lastInsertRowid
  const classes = new Map<string, number>()
  const classOf = (label: string): number => {
    const known = classes.get(label)
    if (known !== undefined) return known
    const id = Number(db.prepare('INSERT INTO class (name, created_at) VALUES (?, 0)').run(label).lastInsertRowid)
    classes.set(label, id)
    return id
  }
  const insert = db.prepare(`INSERT INTO image (root_id, path_raw, path, folder, bytes, mtime_ms, state, failure, format, width, height, sha256, pixel_hash, phash, role)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'jpeg', 64, 48, ?, ?, ?, ?)`)
  db.transaction(() => {
    for (const { path, content = `picture ${String(path)}`, label, human, verdict, state = 'ready', role } of pictures) {
      const raw = Buffer.isBuffer(path) ? path : Buffer.from(path)
      const text = raw.toString('utf8')
      const file = Buffer.concat([Buffer.from(`${root}/`), raw])
      mkdirSync(dirname(join(root, text)), { recursive: true })
      writeFileSync(file, content)
      const { size, mtimeMs } = statSync(file)
      const hash = digest(content)
      const id = insert.run(rootId, raw, text, dirname(text) === '.' ? '' : dirname(text), size, mtimeMs, state, state === 'failed' ? 'truncated' : null, hash, hash, Buffer.alloc(64, 7), role ?? null).lastInsertRowid
      if (label !== undefined) db.prepare('INSERT INTO given_label (image_id, class_id, run_id) VALUES (?, ?, ?)').run(id, classOf(label), run)
      if (human) db.prepare('INSERT INTO label (image_id, state, class_id, source, run_id, score, act_id) VALUES (?, ?, ?, ?, ?, ?, ?)').run(id, human.state ?? 'class', human.label === undefined ? null : classOf(human.label), 'human', human.run ?? null, human.score ?? null, act)
      if (verdict) db.prepare('INSERT INTO verdict (image_id, value, reason, keeper_id, similarity, act_id) VALUES (?, ?, ?, ?, ?, ?)').run(id, verdict.value, verdict.reason ?? 'by hand', verdict.keeper ?? null, verdict.similarity ?? null, act)
    }
  })()
  db.close()
  return project
}

export const originalsOf = (folder: string): string => join(folder, 'originals')

export interface RunOptions {
  readonly selected?: Int32Array
  readonly exportId?: string
  readonly signal?: AbortSignal
}

export async function exportTo(project: Project, spec: Partial<ExportSpec> & { readonly target: string }, { selected, exportId = 'test', signal }: RunOptions = {}): Promise<ExportOutcome> {
  return await runExport({ project, spec: exportSpec.parse(spec), scope: await exportScope(project, selected ?? null), exportId, duplicates: null, ...(signal ? { signal } : {}) })
}

/** Every file below a folder by its path as bytes (latin1), with content, mode, times and where a link leads: to see that nothing changed. */
export function snapshot(folder: string): Record<string, string> {
  const found: Record<string, string> = {}
  const walk = (path: Buffer, shown: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true, encoding: 'buffer' })) {
      const inner = Buffer.concat([path, Buffer.from('/'), entry.name])
      const name = `${shown}${entry.name.toString('latin1')}`
      if (entry.isDirectory()) walk(inner, `${name}/`)
      else if (entry.isSymbolicLink()) found[name] = `-> ${readlinkSync(inner)}`
      else {
        const { mtimeMs, mode, size } = statSync(inner)
        found[name] = `${digest(readFileSync(inner)).toString('hex')} ${size} ${mode} ${mtimeMs}`
      }
    }
  }
  walk(Buffer.from(folder), '')
  return found
}

export const namesIn = (folder: string): string[] => Object.keys(snapshot(folder)).toSorted()
export const linesOf = (file: string): Record<string, unknown>[] => readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
