/** The thread that holds a project's near-duplicates: edges, keepers' order and groups. It reads the project through a connection of its own. */
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { DuplicateSettings, DuplicateSummary, GroupFilter, GroupOrder } from '../contract/duplicates.ts'
import { openForReading } from '../project/connection.ts'
import { DescriptorReads } from '../project/repositories/descriptors.ts'
import { DuplicateReads } from '../project/repositories/duplicates.ts'
import { VectorRows } from '../search/vectorRows.ts'
import { type CallContext, serveThread, Transferred } from '../workers/channel.ts'
import { GroupBook, type Stale } from './groupBook.ts'
import { type GroupDetails, GroupDescriber, type NodeVectors } from './groupDetails.ts'
import { type GroupColumns, kinds } from './groupColumns.ts'

export interface GroupsThreadData {
  readonly database: string
  readonly graphsFolder: string
  readonly vectorsFolder: string
}

const { database, graphsFolder, vectorsFolder } = workerData as GroupsThreadData
const db = openForReading(database)
const reads = new DuplicateReads(db)
const descriptors = new DescriptorReads(db)
const book = new GroupBook(reads, graphsFolder)

const groupsThread = {
  invalidate(what: Stale, _context: CallContext): void {
    book.invalidate(what)
  },
  summary(settings: DuplicateSettings, _context: CallContext): DuplicateSummary {
    return book.summary(settings)
  },
  list(settings: DuplicateSettings, filter: GroupFilter, order: GroupOrder, _context: CallContext): { groups: Int32Array; images: number; wouldDrop: number } {
    const numbers = book.list(settings, filter, order)
    const { groups } = book.replay(settings)
    const images = numbers.reduce((sum, group) => sum + groups.size(group), 0)
    return { groups: numbers.map((group) => book.table.ids[groups.keeper[group] as number] as number), images, wouldDrop: images - numbers.length }
  },
  /** Groups kept by these images, in their order; those that are not there (any more) are left out. */
  async details(settings: DuplicateSettings, keepers: readonly number[], _context: CallContext): Promise<GroupDetails[]> {
    const describer = new GroupDescriber(book, settings)
    const numbers = keepers.map((id) => book.groupKeptBy(settings, id)).filter((group) => group >= 0)
    const imageIds = numbers.flatMap((group) => describer.imageIds(group))
    const hashes = settings.radius === null ? new Map<number, Uint8Array>() : reads.hashesOf(imageIds)
    // What is described is one moment's replay: nothing may be awaited between here and the last details.
    const vectors = settings.descriptorId === null ? null : await vectorsOf(settings.descriptorId, imageIds).catch(() => null)
    const again = new GroupDescriber(book, settings)
    return keepers.map((id) => book.groupKeptBy(settings, id)).filter((group) => group >= 0).map((group) => again.details(group, vectors, hashes))
  },
  resolve(settings: DuplicateSettings, which: readonly number[] | 'all', filter: GroupFilter, _context: CallContext): Transferred<GroupColumns> {
    const numbers = which === 'all' ? book.list(settings, filter, 'path') : Int32Array.from(which.map((id) => book.groupKeptBy(settings, id)).filter((group) => group >= 0))
    const { groups } = book.replay(settings)
    const describer = new GroupDescriber(book, settings)
    const total = numbers.reduce((sum, group) => sum + groups.size(group) - 1, 0)
    const columns = {
      keepers: numbers.map((group) => book.table.ids[groups.keeper[group] as number] as number),
      reasons: [] as string[],
      starts: new Int32Array(numbers.length + 1),
      members: new Int32Array(total),
      kinds: new Uint8Array(total),
      similarities: new Float32Array(total),
      distances: new Float32Array(total)
    }
    let at = 0
    for (const [i, group] of numbers.entries()) {
      const rows = groups.members(group)
      columns.reasons.push(describer.reason(rows))
      for (const row of rows.slice(1)) {
        const { kind, similarity, distance } = groups.evidence(row)
        columns.members[at] = book.table.ids[row] as number
        columns.kinds[at] = kinds.indexOf(kind)
        columns.similarities[at] = similarity ?? NaN
        columns.distances[at++] = distance ?? NaN
      }
      columns.starts[i + 1] = at
    }
    return new Transferred(columns, [columns.keepers.buffer, columns.starts.buffer, columns.members.buffer, columns.kinds.buffer, columns.similarities.buffer, columns.distances.buffer] as ArrayBuffer[])
  },
  components(settings: DuplicateSettings, _context: CallContext): { imageIds: Int32Array; components: Int32Array } {
    return book.components(settings)
  },
  close(_context: CallContext): void {
    db.close()
  }
}
export type GroupsThread = Omit<typeof groupsThread, 'resolve'> & {
  resolve: (settings: DuplicateSettings, which: readonly number[] | 'all', filter: GroupFilter, context: CallContext) => GroupColumns
}

/** Throws where the vectors file is missing or damaged: then the similarities that were not stored stay unknown. */
async function vectorsOf(descriptorId: number, imageIds: readonly number[]): Promise<NodeVectors | null> {
  const descriptor = descriptors.byId(descriptorId)
  if (!descriptor) return null
  const source = { file: join(vectorsFolder, descriptor.file), dim: descriptor.dim, dtype: descriptor.dtype, ...descriptors.rowsOf(descriptorId, Int32Array.from(imageIds)) }
  const rows = await VectorRows.open(source)
  try {
    const matrix = await rows.read(0, rows.count)
    return { dim: descriptor.dim, matrix, offsetOf: new Map(Array.from(source.imageIds, (id, i) => [id, i * descriptor.dim])) }
  } finally {
    await rows.close()
  }
}

if (!parentPort) throw new Error('groups.thread.ts is the entry of a worker thread')
serveThread(parentPort, groupsThread)
