/** Reads a CSV of ground truth, finds its images and writes the artefact, away from the engine's loop, with read-only connections of its own. */
import { basename } from 'node:path'
import { parentPort } from 'node:worker_threads'
import type { Database } from 'better-sqlite3'
import { classKey } from '../domain/className.ts'
import { WinnowError } from '../domain/errors.ts'
import { writeTruth } from '../metrics/truthArtefact.ts'
import type { TruthLayout } from '../metrics/truthColumns.ts'
import { type Joiner, type JoinReport, readTruthRows } from '../metrics/truthFiles.ts'
import { openForReading } from '../project/connection.ts'
import { listClasses } from '../project/repositories/classNames.ts'
import { ImageMatcher } from '../project/repositories/imageMatch.ts'
import { Artefact, ArtefactWriter } from '../recipes/artefact.ts'
import { readImages } from '../recipes/kinds.ts'
import { type CallContext, serveThread } from '../workers/channel.ts'
import { csvRows } from './csvRows.ts'

export interface TruthRequest {
  readonly database: string
  readonly file: string
  readonly layout: TruthLayout | 'auto'
  /** Folders of images artefacts: what queries (and all that are no references) may be. */
  readonly queries: readonly string[]
  /** The same for references; none: the same images. */
  readonly references: readonly string[]
  /** Where to write the artefact: an empty folder. */
  readonly out: string
}

const progressEvery = 20_000

const api = {
  /** Throws BAD_INPUT or NOT_FOUND naming the file, line and field of what cannot be read; names without an image are reported. */
  async read({ database, file, layout, queries, references, out }: TruthRequest, { signal, notify }: CallContext): Promise<JoinReport> {
    const connections: Database[] = []
    try {
      // Each set of images has a connection of its own: a matcher keeps temporary tables.
      const joiners = await Promise.all([queries, references].filter((folders) => folders.length > 0).map(async (folders) => {
        const images = await together(folders)
        const db = openForReading(database)
        connections.push(db)
        return joiner(new ImageMatcher(db, images))
      }))
      const [join, joinReference] = joiners as [Joiner, Joiner?]
      let rows = 0
      const counted = async function* () {
        for await (const row of csvRows(file, signal)) {
          if (++rows % progressEvery === 0) notify({ rows })
          yield row
        }
      }
      const { truth, report } = await readTruthRows(counted(), { file: basename(file), layout, join, ...(joinReference ? { joinReference } : {}) })
      signal.throwIfAborted()
      refuseEmpty(basename(file), report)
      await writeTruth(new ArtefactWriter(out), truth, report, truth.kind === 'classes' ? projectClasses(connections[0] as Database, truth.names) : [])
      return report
    } finally {
      for (const db of connections) db.close()
    }
  }
}
export type TruthThread = typeof api

/** Layouts whose rows list several images: a row that lost some of them still says something. */
const listing: ReadonlySet<TruthLayout> = new Set(['retrieval', 'classImages'])

/** Throws BAD_INPUT for a truth of which nothing is left: numbers measured against it would mean nothing. */
function refuseEmpty(file: string, { layout, rows, missing, problems: [first] }: JoinReport): void {
  if (rows === 0) throw new WinnowError('BAD_INPUT', `${file} has a header and no rows: it says of nothing what is true.`)
  if (missing < rows || listing.has(layout)) return
  throw new WinnowError('BAD_INPUT', `${file}: none of its ${rows.toLocaleString('en')} rows names images of the sets given. The first (line ${first?.line ?? 2}): ${first?.message ?? ''} Images are looked for as path, file name, name without extension, and SHA-256; see too that the folders have the right roles.`)
}

async function together(folders: readonly string[]): Promise<Int32Array> {
  const all = new Set<number>()
  for (const folder of folders) for (const image of await readImages(await Artefact.open(folder))) all.add(image)
  return Int32Array.from(all).sort()
}

/** Files list a query's rows one after the other: the last name is remembered. */
function joiner(matcher: ImageMatcher): Joiner {
  let last = ''
  let found: ReturnType<Joiner> = null
  return (name) => {
    if (name !== last) {
      const match = matcher.match(name)
      found = match.imageId ?? (match.why === 'ambiguous' ? `"${name.slice(0, 100)}" could be any of ${match.count} images of the sets given. Give its path.` : null)
      last = name
    }
    return found
  }
}

/** The live class of each name; a merged class is the one that it was merged into. */
function projectClasses(db: Database, names: readonly string[]): number[] {
  const ids = new Map<string, number>()
  const classes = listClasses(db).filter(({ removed }) => !removed)
  for (const { id, name, mergedInto } of classes) if (mergedInto !== null) ids.set(classKey(name), mergedInto ?? id)
  for (const { id, name, mergedInto } of classes) if (mergedInto === null) ids.set(classKey(name), id)
  return names.map((name) => ids.get(classKey(name)) ?? -1)
}

if (!parentPort) throw new Error('truth.thread.ts is the entry of a worker thread')
serveThread(parentPort, api)
