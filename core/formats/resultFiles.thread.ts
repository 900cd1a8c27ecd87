/**
 * Reads and writes files from and for elsewhere, away from the engine's loop: HDF5 and Parquet work in long synchronous strides, and a file
 * made to harm takes this thread with it and nothing else. Each thread does one piece of work and is ended.
 */
import { parentPort } from 'node:worker_threads'
import { classKey } from '../domain/className.ts'
import { openForReading } from '../project/connection.ts'
import { listClasses } from '../project/repositories/classNames.ts'
import { ImageMatcher, type Match } from '../project/repositories/imageMatch.ts'
import { ImageNames } from '../project/repositories/imageNames.ts'
import { type CallContext, serveThread } from '../workers/channel.ts'
import { exportResult, type ExportedResult, type ExportOptions, type ResultFormat } from './exportResult.ts'
import { checkIscDescriptors, checkIscMatches, type IscDescriptorFacts, type IscMatchFacts } from './iscCheck.ts'
import { readLabelFile, type JoinedLabels, type ReadLabelsRequest } from './readLabelFile.ts'
import { readPairFile, type JoinedPairs, type ReadPairsRequest } from './readPairFile.ts'
import { readVectorFile, type JoinedVectors, type ReadVectorsRequest } from './readVectorFile.ts'

type Database = ReturnType<typeof openForReading>

async function withDatabase<T>(file: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openForReading(file)
  try {
    return await work(db)
  } finally {
    db.close()
  }
}

const matcherOf = (db: Database, within: Int32Array): ((id: string) => Match) => {
  const matcher = new ImageMatcher(db, within)
  return (id) => matcher.match(id)
}

const api = {
  async vectors(request: ReadVectorsRequest & { database: string; images: Int32Array; folder: string }, { signal, notify }: CallContext): Promise<JoinedVectors> {
    const { database, images, folder, ...rest } = request
    return await withDatabase(database, async (db) => await readVectorFile(rest, { match: matcherOf(db, images), images, folder, report: (rows) => notify({ rows }), signal }))
  },

  async pairs(request: ReadPairsRequest & { database: string; queries: Int32Array; references: Int32Array | null }, { signal, notify }: CallContext): Promise<JoinedPairs> {
    const { database, queries, references, ...rest } = request
    return await withDatabase(database, async (db) => {
      const matchQuery = matcherOf(db, queries)
      const read = async (matchReference: (id: string) => Match): Promise<JoinedPairs> => await readPairFile(rest, { matchQuery, matchReference, report: (rows) => notify({ rows }), signal })
      // A matcher's names are tables of its own connection.
      return references ? await withDatabase(database, async (other) => await read(matcherOf(other, references))) : await read(matchQuery)
    })
  },

  async labels(request: ReadLabelsRequest & { database: string; images: Int32Array }, { signal, notify }: CallContext): Promise<JoinedLabels> {
    const { database, images, ...rest } = request
    return await withDatabase(database, async (db) => {
      const all = listClasses(db)
      const live = all.filter(({ removed }) => !removed)
      const classes = new Map(live.filter(({ mergedInto }) => mergedInto !== null).map(({ id, name, mergedInto }) => [classKey(name), mergedInto ?? id]))
      for (const { id, name } of live.filter(({ mergedInto }) => mergedInto === null)) classes.set(classKey(name), id)
      const lastClass = all.reduce((most, { id }) => Math.max(most, id), 0)
      return await readLabelFile(rest, { match: matcherOf(db, images), images, classes, lastClass, report: (rows) => notify({ rows }), signal })
    })
  },

  /** Whether a file may be sent to the Image Similarity Challenge; throws what is wrong with it. */
  async checkIsc({ file, track }: { file: string; track: 'descriptors' | 'matches' }, _context: CallContext): Promise<IscDescriptorFacts | IscMatchFacts> {
    return track === 'descriptors' ? await checkIscDescriptors(file) : await checkIscMatches(file)
  },

  async export({ database, folder, format, file, options }: { database: string; folder: string; format: ResultFormat; file: string; options: ExportOptions }): Promise<ExportedResult> {
    return await withDatabase(database, async (db) => {
      const names = new ImageNames(db)
      return await exportResult(folder, format, file, (ids, style) => names.namesOf(ids, style), options)
    })
  }
}
export type ResultFilesThread = typeof api

if (!parentPort) throw new Error('resultFiles.thread.ts is the entry of a worker thread')
serveThread(parentPort, api)
