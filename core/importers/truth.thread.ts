/** Reads a CSV of ground truth and finds its images, away from the engine's loop, with read-only connections of its own. */
import { basename } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { classKey } from '../domain/className.ts'
import type { Truth } from '../metrics/truth.ts'
import type { TruthLayout } from '../metrics/truthColumns.ts'
import { type Joiner, type JoinReport, readTruthRows } from '../metrics/truthFiles.ts'
import { openForReading } from '../project/connection.ts'
import { listClasses } from '../project/repositories/classNames.ts'
import { ImageMatcher } from '../project/repositories/imageMatch.ts'
import { type CallContext, serveThread } from '../workers/channel.ts'
import { csvRows } from './csvRows.ts'

export interface TruthRequest {
  readonly database: string
  readonly file: string
  readonly layout: TruthLayout | 'auto'
  /** The images that queries (and all that are no references) may be. */
  readonly queries: Int32Array
  /** The images that references may be; null: the same. */
  readonly references: Int32Array | null
}

export interface TruthReply {
  readonly truth: Truth
  readonly report: JoinReport
  /** For each class of the truth its class id in the project, or -1. */
  readonly classIds: readonly number[]
}

const progressEvery = 20_000

const api = {
  /** Throws BAD_INPUT or NOT_FOUND naming the file, line and field of what cannot be read; names without an image are reported. */
  async read({ database, file, layout, queries, references }: TruthRequest, { signal, notify }: CallContext): Promise<TruthReply> {
    const connections = [openForReading(database), ...(references ? [openForReading(database)] : [])]
    try {
      const [join, joinReference] = [queries, references].map((within, i) => {
        const db = connections[i]
        return within && db ? joiner(new ImageMatcher(db, within)) : undefined
      })
      let rows = 0
      const counted = async function* () {
        for await (const row of csvRows(file, signal)) {
          if (++rows % progressEvery === 0) notify({ rows })
          yield row
        }
      }
      const { truth, report } = await readTruthRows(counted(), { file: basename(file), layout, join: join as Joiner, ...(joinReference ? { joinReference } : {}) })
      return { truth, report, classIds: truth.kind === 'classes' ? projectClasses(connections[0] as ReturnType<typeof openForReading>, truth.names) : [] }
    } finally {
      for (const db of connections) db.close()
    }
  }
}
export type TruthThread = typeof api

/** Files list a query's rows one after the other: the last name is remembered. */
function joiner(matcher: ImageMatcher): Joiner {
  let last = ''
  let found: number | null = null
  return (name) => {
    if (name !== last) {
      found = matcher.match(name).imageId
      last = name
    }
    return found
  }
}

/** The live class of each name; a merged class is the one that it was merged into. */
function projectClasses(db: Parameters<typeof listClasses>[0], names: readonly string[]): number[] {
  const ids = new Map<string, number>()
  const classes = listClasses(db).filter(({ removed }) => !removed)
  for (const { id, name, mergedInto } of classes) if (mergedInto !== null) ids.set(classKey(name), mergedInto ?? id)
  for (const { id, name, mergedInto } of classes) if (mergedInto === null) ids.set(classKey(name), id)
  return names.map((name) => ids.get(classKey(name)) ?? -1)
}

if (!parentPort) throw new Error('truth.thread.ts is the entry of a worker thread')
serveThread(parentPort, api)
