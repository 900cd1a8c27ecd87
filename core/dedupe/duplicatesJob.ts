import { join } from 'node:path'
import type { JobContext, JobHandler, JobOf } from '../jobs/job.ts'
import { listDescriptors } from '../models/descriptorList.ts'
import { defaultDescriptor, vectorSource } from '../models/descriptorVectors.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Connection } from '../workers/channel.ts'
import { startThread } from '../workers/thread.ts'
import { EdgeSpool } from './edgeSpool.ts'
import type { GraphThread } from './graph.thread.ts'
import { descriptorGraph, type GraphMeta, perceptualGraph, readGraphMeta } from './graphFile.ts'
import { perceptualPairs } from './perceptualPairs.ts'

/** The greatest radius that settings can ask for. */
const searchRadius = 16
/** Edges kept a graph: 60 MB on disk. Beyond, the weakest go, and the result says so. */
const mostEdges = 5_000_000
const chunkEdges = 1_000_000

interface Found {
  readonly meta: GraphMeta
  /** False where the stored graph was still right. */
  readonly searched: boolean
}

/**
 * Finds near-duplicates: identical files and pixels, perceptual hashes within 16 of 64 bits, descriptors down to the floor of the slider. What was
 * found is stored sorted, so that every setting is a reading of it. A stage whose images and parameters are those of the stored graph is not
 * done again, and one that was interrupted goes on in the middle.
 */
export const duplicatesJob: JobHandler<'duplicates'> = async (request, context) => {
  const { project, report } = context
  const startedAt = Date.now()
  const { connection: thread, end } = startThread<GraphThread>(new URL('./graph.thread.ts', import.meta.url), { database: join(project.folder, 'project.db') })
  try {
    report('identical pictures', 0, null)
    const identical = await thread.call('load', [])
    context.signal.throwIfAborted()
    const perceptual = await searchPerceptual(thread, context)
    project.emit({ topic: 'duplicates' })
    const descriptor = await searchDescriptor(thread, request, context)
    project.emit({ topic: 'duplicates' })
    const data = {
      ...identical,
      perceptualEdges: perceptual.meta.edges,
      radius: perceptual.meta.limit,
      descriptorId: descriptor?.meta.descriptorId ?? null,
      descriptorEdges: descriptor?.meta.edges ?? 0,
      floor: descriptor?.meta.limit ?? null,
      engine: descriptor?.meta.engine ?? null,
      provider: descriptor?.meta.provider ?? null
    }
    if (perceptual.searched || descriptor?.searched) {
      const params = { radius: data.radius, descriptorId: data.descriptorId, model: descriptor?.meta.model ?? null, floor: data.floor, engine: data.engine, provider: data.provider }
      await project.write.duplicates.addRun({ params, descriptorId: data.descriptorId, startedAt, finishedAt: Date.now(), summary: data })
    }
    return { result: sentence(data), data }
  } finally {
    await thread.call('close', []).catch(() => undefined)
    await end()
  }
}

async function searchPerceptual(thread: Connection<GraphThread>, { project, signal, report, note }: JobContext): Promise<Found> {
  const file = perceptualGraph(project.graphsFolder)
  const { imageIds, hashes, flat, digest } = await thread.call('perceptual', [])
  const known = readGraphMeta(file)
  if (known?.digest === digest) return { meta: known, searched: false }
  const rows = imageIds.length
  if (flat > 0) note(`${count(flat, 'picture')} without structure (flat areas) ${flat === 1 ? 'was' : 'were'} left out of the comparison by perceptual hash.`)
  const strength = (distance: number): number => 1 - distance / 64
  const spool = await EdgeSpool.open(`${file}.spool`, { digest, floor: strength(searchRadius), cap: mostEdges, strength })
  const radius = (): number => Math.min(searchRadius, Math.floor((1 - spool.floor) * 64))
  try {
    report('perceptual hashes', spool.rowsDone, rows)
    await perceptualPairs(hashes, rows, { from: spool.rowsDone, radius: radius() }, async ({ a, b, distance, rowsDone }) => {
      const ids = (list: Int32Array): Int32Array => list.map((row) => imageIds[row] as number)
      await spool.append({ a: ids(a), b: ids(b), score: Float32Array.from(distance) }, { rowsDone, provider: 'cpu' })
      report('perceptual hashes', rowsDone, rows)
      return radius()
    }, signal)
    if (radius() < searchRadius) note(`So many pictures have similar perceptual hashes that only pairs within ${radius()} of 64 bits were kept.`)
    const meta = { kind: 'perceptual' as const, digest, descriptorId: null, model: null, engine: 'scan', provider: 'cpu', limit: radius(), truncated: spool.truncated, at: Date.now() }
    const edges = await thread.call('finish', [{ spool: spool.file, edges: spool.edges, file, strongest: 'ascending', most: mostEdges, meta }, null])
    await spool.remove()
    return { meta: { ...meta, nodes: rows, edges }, searched: true }
  } finally {
    await leave(spool, signal)
  }
}

async function searchDescriptor(thread: Connection<GraphThread>, request: JobOf<'duplicates'>, { project, engine, signal, report, note }: JobContext): Promise<Found | null> {
  const descriptorId = request.descriptorId ?? (await defaultDescriptor(project))
  if (descriptorId === null) {
    note('No image has been embedded yet, so only identical pictures and perceptual hashes were compared.')
    return null
  }
  const descriptor = (await listDescriptors(project)).find(({ id }) => id === descriptorId)
  if (!descriptor) throw new WinnowError('NOT_FOUND', `There is no descriptor ${descriptorId} in this project. Embed the images first.`)
  const floor = request.floor ?? descriptor.nearDuplicate.floor
  const { source, digest } = await thread.call('collapse', [await vectorSource(project, descriptorId), `floor ${floor}`])
  const file = descriptorGraph(project.graphsFolder, descriptorId)
  const known = readGraphMeta(file)
  if (known?.digest === digest) return { meta: known, searched: false }
  const rows = source.rows.length
  const spool = await EdgeSpool.open(`${file}.spool`, { digest, floor, cap: mostEdges, strength: (cosine) => cosine })
  try {
    report('descriptors', spool.rowsDone, rows)
    await engine.search.edges({ vectors: source, floor: spool.floor, cap: chunkEdges, engine: request.engine, from: spool.rowsDone }, async ({ a, b, score, floor: raised, truncated, rowsDone, provider }) => {
      await spool.append({ a, b, score }, { rowsDone, provider, floor: raised, truncated })
      report('descriptors', rowsDone, rows)
      return spool.truncated ? null : spool.floor
    }, { signal })
    signal.throwIfAborted()
    if (spool.provider) note(`Descriptors were compared by the ${request.engine} engine on ${spool.provider === 'faiss' ? 'cpu' : spool.provider}.`)
    if (spool.truncated) note('So many descriptors are equal that not all of their pairs could be kept; big groups may be shown in parts.')
    else if (spool.floor > floor) note(`There are so many similar pairs that only those from cosine ${spool.floor.toFixed(3)} up were kept.`)
    const meta = { kind: 'descriptor' as const, digest, descriptorId, model: descriptor.model, engine: request.engine, provider: spool.provider || 'cpu', limit: spool.floor, truncated: spool.truncated, at: Date.now() }
    const edges = await thread.call('finish', [{ spool: spool.file, edges: spool.edges, file, strongest: 'descending', most: mostEdges, meta }, source.imageIds])
    await spool.remove()
    return { meta: { ...meta, nodes: rows, edges }, searched: true }
  } finally {
    await leave(spool, signal)
  }
}

/** What was found before a cancel stays, to go on from. */
async function leave(spool: EdgeSpool, signal: AbortSignal): Promise<void> {
  if (signal.aborted) await spool.save()
  await spool.close()
}

const count = (n: number, word: string): string => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`

function sentence({ images, exactCopies, pixelCopies, perceptualEdges, descriptorEdges, descriptorId, floor }: {
  images: number; exactCopies: number; pixelCopies: number; perceptualEdges: number; descriptorEdges: number; descriptorId: number | null; floor: number | null
}): string {
  const identical = `${exactCopies} exact and ${pixelCopies} pixel-identical ${exactCopies + pixelCopies === 1 ? 'copy' : 'copies'}`
  const byDescriptor = descriptorId === null ? '' : `, ${count(descriptorEdges, 'pair')} by descriptor (cosine ${(floor ?? 0).toFixed(2)} and up)`
  return `${count(images, 'image')} compared: ${identical}, ${count(perceptualEdges, 'pair')} by perceptual hash${byDescriptor}.`
}
