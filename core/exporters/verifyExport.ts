import { createReadStream, type Dirent } from 'node:fs'
import { lstat, opendir, readFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { isAbsolute, join, resolve, sep } from 'node:path'
import type { VerifyReport } from '../contract/exports.ts'
import { WinnowError } from '../domain/errors.ts'
import { datasetFile, manifestLine, type DatasetFile, type ManifestLine } from './dataset.ts'
import { PathSet } from './fileNames.ts'
import { FilesPool } from './filesPool.ts'
import { hashOfFile, type Check } from './fileWork.ts'
import { exportFiles } from './folderNames.ts'

const shownNames = 100
const page = 480
/** A line of a manifest is some 1,500 bytes; one of a megabyte is no manifest. */
const longestLine = 1 << 20

export interface VerifyOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Compares an exported folder with its own manifest, byte by byte: finds what was changed, what is missing and what does not belong there.
 * Needs no project. Throws NOT_FOUND (no export there) and CORRUPT (dataset.json or a line of the manifest is not what an export writes).
 */
export async function verifyExport(target: string, { signal, onProgress }: VerifyOptions = {}): Promise<VerifyReport> {
  if (!isAbsolute(target)) throw new WinnowError('BAD_INPUT', `${target} is not a whole path. Give the folder from the root of the disk.`)
  const folder = resolve(target)
  const dataset = await readDataset(folder)
  const report = new Report()
  await checkManifestFile(folder, dataset)
  const pool = new FilesPool()
  try {
    const named = new PathSet()
    // Case counts here: another file may lie beside one whose name differs in nothing else. Some Macs hand names back decomposed.
    const expected = new PathSet((path) => path.normalize('NFC'))
    const sums = createHash('sha256')
    let pending: { check: Check; name: string }[] = []
    let lines = 0
    const flush = async (): Promise<void> => {
      const part = pending
      pending = []
      const results = await pool.check(part.map(({ check }) => check), signal, (count) => {
        report.checked += count
        onProgress?.(report.checked, dataset.counts.images + dataset.files.length)
      })
      results.forEach((result, i) => {
        const one = part[i]
        if (!one) return
        if (result === 'same') report.bytes += one.check.bytes
        else report.add(result, one.name)
      })
    }
    for await (const { line, number } of linesOf(join(folder, exportFiles.manifest), signal)) {
      lines++
      const record = parseLine(line, number)
      if (record.status !== 'kept') continue
      const { path, bytes, sha256 } = record
      if (path === null) {
        pending.push({ check: { path: sourceOf(record), bytes, sha256, link: null }, name: `${record.source.root}/${record.source.path}` })
      } else {
        checkPath(path, number)
        if (!named.add(path)) throw corrupt(number, `names ${JSON.stringify(path)}, which an earlier line names too`)
        expected.add(path)
        sums.update(`${sha256}  ${path}\n`)
        pending.push({ check: { path: join(folder, path), bytes, sha256, link: dataset.media === 'symlink' }, name: path })
      }
      if (pending.length >= page) await flush()
    }
    if (lines !== dataset.manifest.lines) throw new WinnowError('CORRUPT', `${exportFiles.manifest} has ${lines} lines; ${exportFiles.dataset} speaks of ${dataset.manifest.lines}.`)
    for (const file of dataset.files) pending.push({ check: { path: join(folder, file.path), bytes: file.bytes, sha256: file.sha256, link: false }, name: file.path })
    await flush()
    const beside = [...dataset.files, dataset.manifest]
    await checkSums(folder, beside, sums, report)
    for (const { path } of beside) expected.add(path)
    expected.add(exportFiles.dataset)
    expected.add(exportFiles.sums)
    for await (const path of filesBelow(Buffer.from(folder), '', signal)) if (!expected.take(path)) report.add('extra', path)
    return report.finish(folder)
  } finally {
    await pool.close()
  }
}

async function readDataset(folder: string): Promise<DatasetFile> {
  const path = join(folder, exportFiles.dataset)
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) throw new WinnowError('NOT_FOUND', `${folder} holds no export: it has no ${exportFiles.dataset}. Choose the folder that was exported to.`)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new WinnowError('CORRUPT', `${path} is not JSON (${(error as Error).message}).`)
  }
  const parsed = datasetFile.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new WinnowError('CORRUPT', `${path}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not as an export writes it'}.`)
  }
  const own = new Set<string>([exportFiles.classes, exportFiles.csv, exportFiles.jsonl])
  const stranger = parsed.data.files.find((file) => !own.has(file.path))
  if (stranger) throw new WinnowError('CORRUPT', `${path}: files names ${JSON.stringify(stranger.path)}, which no export writes.`)
  if (parsed.data.manifest.path !== exportFiles.manifest) throw new WinnowError('CORRUPT', `${path}: manifest.path must be ${exportFiles.manifest}.`)
  return parsed.data
}

/** The manifest itself must be the one that was written: else nothing in it can be held against the files. */
async function checkManifestFile(folder: string, { manifest }: DatasetFile): Promise<void> {
  const path = join(folder, exportFiles.manifest)
  const found = await lstat(path).catch(() => null)
  if (!found) throw new WinnowError('CORRUPT', `${path} is missing: without it nothing can be compared.`)
  if (!found.isFile()) throw new WinnowError('CORRUPT', `${path} is not a file.`)
  // A line that is no manifest's is named first: it says more than a hash.
  for await (const { line, number } of linesOf(path)) {
    const record = parseLine(line, number)
    if (record.status === 'kept' && record.path !== null) checkPath(record.path, number)
  }
  const { sha256 } = await hashOfFile(path)
  if (sha256 !== manifest.sha256) throw new WinnowError('CORRUPT', `${path} was changed: its SHA-256 is not the one in ${exportFiles.dataset}.`)
}

const corrupt = (number: number, what: string): WinnowError => new WinnowError('CORRUPT', `${exportFiles.manifest} line ${number} ${what}.`)

function parseLine(line: string, number: number): ManifestLine {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch (error) {
    throw corrupt(number, `is not JSON (${(error as Error).message})`)
  }
  const parsed = manifestLine.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw corrupt(number, `is not as an export writes it: ${issue?.path.join('.') || 'the line'} ${issue?.message ?? ''}`.trimEnd())
}

/** A path must stay below the folder, on every system. */
function checkPath(path: string, number: number): void {
  const parts = path.split('/')
  if (path.includes('\\') || path.includes('\0') || /^[A-Za-z]:/.test(path) || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw corrupt(number, `names ${JSON.stringify(path.slice(0, 200))}, which is not a path inside the export`)
  }
}

const sourceOf = ({ source }: Extract<ManifestLine, { status: 'kept' }>): string | Uint8Array =>
  source.pathBytes === undefined ? `${source.root}/${source.path}` : Buffer.concat([Buffer.from(`${source.root}/`), Buffer.from(source.pathBytes, 'base64')])

/** SHA256SUMS follows from the manifest, so it is worked out again and compared; dataset.json is compared with its line in it. */
async function checkSums(folder: string, beside: readonly { path: string; sha256: string }[], sums: ReturnType<typeof createHash>, report: Report): Promise<void> {
  const dataset = await hashOfFile(join(folder, exportFiles.dataset))
  for (const { sha256, path } of beside) sums.update(`${sha256}  ${path}\n`)
  sums.update(`${dataset.sha256}  ${exportFiles.dataset}\n`)
  const found = await hashOfFile(join(folder, exportFiles.sums)).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? 'missing' : 'changed'))
  report.checked++
  if (typeof found === 'string') report.add(found === 'missing' ? 'missing' : 'changed', exportFiles.sums)
  else if (found.sha256 !== sums.digest('hex')) report.add('changed', exportFiles.sums)
}

/** Files (and whatever else is no folder) below `folder`, each after `prefix`. Links are named, never followed; what somebody put there may have a name that is not UTF-8. */
async function* filesBelow(folder: Buffer, prefix: string, signal?: AbortSignal): AsyncGenerator<string> {
  // The types of opendir know strings only; with this encoding it gives bytes, as readdir does.
  const entries = await opendir(folder as unknown as string, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 })
  for await (const entry of entries as unknown as AsyncIterable<Dirent<Buffer>>) {
    signal?.throwIfAborted()
    const path = `${prefix}${entry.name.toString()}`
    if (entry.isDirectory()) yield* filesBelow(Buffer.concat([folder, Buffer.from(sep), entry.name]), `${path}/`, signal)
    else yield path
  }
}

async function* linesOf(path: string, signal?: AbortSignal): AsyncGenerator<{ line: string; number: number }> {
  let rest = Buffer.alloc(0)
  let number = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 16 })) {
    signal?.throwIfAborted()
    const data = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer)
    let from = 0
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, from)) {
      yield { line: data.toString('utf8', from, end), number: ++number }
      from = end + 1
    }
    rest = data.subarray(from) as Buffer<ArrayBuffer>
    if (rest.length > longestLine) throw corrupt(number + 1, 'is longer than any line of an export')
  }
  if (rest.length > 0) yield { line: rest.toString('utf8'), number: ++number }
}

/** Collects what was found; the lists stop at 100 names, the counts do not. */
class Report {
  checked = 0
  bytes = 0
  readonly #names = { changed: [] as string[], missing: [] as string[], extra: [] as string[] }
  readonly #counts = { changed: 0, missing: 0, extra: 0 }

  add(what: 'changed' | 'missing' | 'extra', name: string): void {
    this.#counts[what]++
    if (this.#names[what].length < shownNames) this.#names[what].push(name)
  }

  finish(target: string): VerifyReport {
    const { changed, missing, extra } = this.#counts
    const ok = changed + missing + extra === 0
    const number = (n: number): string => n.toLocaleString('en')
    const message = ok
      ? `All ${number(this.checked)} files are as they were exported.`
      : `Not as it was exported: ${[[changed, 'changed'], [missing, 'missing'], [extra, 'that do not belong there']].filter(([n]) => n !== 0).map(([n, what]) => `${number(n as number)} ${what}`).join(', ')}.`
    return { target, ok, checked: this.checked, bytes: this.bytes, ...this.#names, counts: { ...this.#counts }, message }
  }
}
