import type { DuplicateSettings, DuplicateSummary, GroupFilter, GroupOrder, KeeperRule } from '../contract/duplicates.ts'
import type { DuplicateReads } from '../project/repositories/duplicates.ts'
import { components } from './components.ts'
import { adjacencyOf, type Adjacency, type Edges, prefixAtLeast, prefixAtMost } from './edgeList.ts'
import { descriptorGraph, type Graph, perceptualGraph, readGraph } from './graphFile.ts'
import { kinds } from './groupColumns.ts'
import { filteredGroups, GroupList, groupStates, orderedGroups } from './groups.ts'
import { HashTable } from './identicalImages.ts'
import type { ImageTable } from './imageTable.ts'
import { bestRows, keeperSequence, sequenceFor, suspicions, type Suspicions, upscaledNodes } from './keeperSequence.ts'
import { liveEdges } from './liveEdges.ts'
import { hashOf, type Nodes, nodesOf, type Relation } from './nodes.ts'
import { stars } from './stars.ts'

/** What has changed since the last look. */
export type Stale = 'images' | 'decisions' | 'graphs' | 'vectors'

interface Linked {
  readonly graph: Graph | null
  readonly edges: Edges
  readonly links: Adjacency
  readonly covered: Uint8Array
  readonly withoutVector: readonly number[]
}

interface Ranked {
  readonly rules: string
  readonly best: Int32Array
  readonly sequence: Int32Array
  readonly perceptual: Suspicions
  readonly descriptor: Suspicions
}

/** The groups at some settings, with what they were made from. */
export interface Replay {
  readonly key: string
  readonly groups: GroupList
  readonly states: Uint8Array
  readonly upscaled: Uint8Array
  readonly milliseconds: number
}

const histogramBars = 100

/**
 * Everything that is needed to read the stored edges as groups, in memory, in layers: images, what people said of them, edges between nodes, the
 * keepers' order, the stars. A change throws away the layers above it and no more; moving the threshold only makes the stars again. Synchronous
 * throughout: for a worker thread.
 */
export class GroupBook {
  readonly #reads: DuplicateReads
  readonly #folder: string
  #table: (Omit<ImageTable, 'label' | 'pinned'> & { label: Uint8Array; pinned: Uint8Array }) | null = null
  #shas: HashTable | null = null
  #pixels: HashTable | null = null
  #verdict: Uint8Array = new Uint8Array(0)
  #nodes: Nodes | null = null
  #perceptual: Linked | null = null
  #descriptor: (Linked & { readonly id: number | null }) | null = null
  #ranked: Ranked | null = null
  #replay: Replay | null = null
  #lastAct = -1
  /** Image rows that the descriptor's search could not compare and a new one could. */
  #embeddedSince: readonly number[] | null = null
  readonly #stale = new Set<Stale>(['images', 'decisions', 'graphs'])

  constructor(reads: DuplicateReads, graphsFolder: string) {
    this.#reads = reads
    this.#folder = graphsFolder
  }

  /** Cheap: the work is done at the next look. */
  invalidate(what: Stale): void {
    this.#stale.add(what)
  }

  get table(): ImageTable {
    return this.#table as ImageTable
  }
  get nodes(): Nodes {
    return this.#nodes as Nodes
  }

  /** The groups at these settings; from memory where nothing has changed. */
  replay(settings: DuplicateSettings): Replay {
    this.#refresh(settings.descriptorId)
    const key = JSON.stringify([settings.descriptorId, settings.threshold, settings.radius, settings.rules])
    if (this.#replay?.key === key) return this.#replay
    const ranked = this.#rank(settings.rules)
    const start = performance.now()
    const { nodes } = this
    const { perceptual, descriptor } = this.#evidence(settings)
    const upscaled = upscaledNodes(nodes.count, [
      { suspicions: ranked.perceptual, prefix: perceptual ? prefixAtMost(perceptual.edges.score, perceptual.radius) : 0 },
      { suspicions: ranked.descriptor, prefix: descriptor ? prefixAtLeast(descriptor.edges.score, descriptor.threshold) : 0 }
    ])
    const order = sequenceFor(ranked.sequence, upscaled)
    const found = stars({ nodes: nodes.count, order, descriptor, perceptual, twins: nodes.twins, vetoed: nodes.vetoed, hasVeto: nodes.hasVeto })
    const groups = new GroupList(this.table, nodes, ranked.best, found)
    const states = groupStates(groups, this.#verdict)
    this.#replay = { key, groups, states, upscaled, milliseconds: performance.now() - start }
    return this.#replay
  }

  summary(settings: DuplicateSettings): DuplicateSummary {
    const { groups, states, milliseconds } = this.replay(settings)
    const { perceptual, descriptor } = this.#evidence(settings)
    const byKind = { exact: 0, pixel: 0, perceptual: 0, descriptor: 0 }
    for (const kind of groups.kind) byKind[kinds[kind] as keyof typeof byKind]++
    return {
      searched: (settings.radius === null || perceptual !== null) && (settings.threshold === null || settings.descriptorId === null || descriptor !== null),
      stale: this.#staleImages(perceptual, descriptor),
      edges: (this.#perceptual?.edges.a.length ?? 0) + (this.#descriptor?.edges.a.length ?? 0),
      histogram: histogramOf(this.#descriptor),
      groups: groups.count,
      images: groups.rows.length,
      wouldDrop: groups.rows.length - groups.count,
      open: states.reduce((open, state) => open + (state === 0 ? 1 : 0), 0),
      byKind,
      milliseconds
    }
  }

  /** Group numbers that pass the filter, in order. */
  list(settings: DuplicateSettings, filter: GroupFilter, order: GroupOrder): Int32Array {
    const { groups, states } = this.replay(settings)
    return orderedGroups(filteredGroups(groups, states, filter), groups, this.table, order)
  }

  /** The number of the group that this image keeps, or -1. */
  groupKeptBy(settings: DuplicateSettings, imageId: number): number {
    const { groups } = this.replay(settings)
    const row = rowOf(this.table.ids, imageId)
    const group = row < 0 ? -1 : (groups.groupOf[row] as number)
    return group >= 0 && groups.keeper[group] === row ? group : -1
  }

  /** Images in connected components of two or more: their ids and, beside each, the smallest image id of its component. */
  components(settings: DuplicateSettings): { imageIds: Int32Array; components: Int32Array } {
    this.#refresh(settings.descriptorId)
    const { nodes, table } = this
    const root = components({ nodes: nodes.count, ...this.#evidence(settings), twins: nodes.twins, vetoed: nodes.vetoed, hasVeto: nodes.hasVeto })
    const sizes = new Int32Array(nodes.count)
    for (const node of nodes.nodeOf) sizes[root[node] as number] = (sizes[root[node] as number] as number) + 1
    const imageIds: number[] = []
    const named: number[] = []
    for (const [row, node] of nodes.nodeOf.entries()) {
      const component = root[node] as number
      if ((sizes[component] as number) < 2) continue
      imageIds.push(table.ids[row] as number)
      // Nodes are numbered by their first row, so the smallest node holds the smallest id.
      named.push(table.ids[nodes.rows[nodes.starts[component] as number] as number] as number)
    }
    return { imageIds: Int32Array.from(imageIds), components: Int32Array.from(named) }
  }

  #evidence({ threshold, radius, descriptorId }: DuplicateSettings) {
    const perceptual = this.#perceptual
    const descriptor = this.#descriptor
    return {
      perceptual: radius !== null && perceptual?.graph ? { ...perceptual, radius } : null,
      descriptor: threshold !== null && descriptorId !== null && descriptor?.graph && descriptor.id === descriptorId ? { ...descriptor, threshold } : null
    }
  }

  /** Ready images that a search would see differently from the one that was made. */
  #staleImages(perceptual: Linked | null, descriptor: Linked | null): number {
    if (descriptor) this.#embeddedSince ??= this.#embedded(descriptor)
    const since = new Set(descriptor ? this.#embeddedSince : [])
    let stale = 0
    for (let row = 0; row < this.table.ids.length; row++) if (perceptual?.covered[row] === 0 || descriptor?.covered[row] === 0 || since.has(row)) stale++
    return stale
  }

  /** Rows that had no vector when the descriptors were compared and have one now. */
  #embedded({ graph, withoutVector }: Linked): readonly number[] {
    const id = graph?.meta.descriptorId
    if (id === null || id === undefined || withoutVector.length === 0) return []
    const embedded = new Set(this.#reads.withVector(id, withoutVector.map((row) => this.table.ids[row] as number)))
    return withoutVector.filter((row) => embedded.has(this.table.ids[row] as number))
  }

  #refresh(descriptorId: number | null): void {
    if (this.#stale.delete('decisions')) this.#loadDecisions()
    if (this.#stale.has('images') || !this.#table) this.#loadImages()
    if (this.#stale.delete('vectors')) this.#embeddedSince = null
    if (this.#stale.has('graphs')) {
      this.#perceptual = null
      this.#descriptor = null
      this.#ranked = null
      this.#embeddedSince = null
      this.#stale.delete('graphs')
    }
    if (!this.#nodes) this.#makeNodes()
    if (!this.#perceptual) this.#perceptual = this.#link(readOrNull(perceptualGraph(this.#folder)))
    if (this.#descriptor?.id !== descriptorId || !this.#descriptor) {
      this.#descriptor = { ...this.#link(descriptorId === null ? null : readOrNull(descriptorGraph(this.#folder, descriptorId))), id: descriptorId }
      this.#embeddedSince = null
      this.#ranked = null
      this.#replay = null
    }
  }

  /** Only what the acts since the last look can have changed is read again. */
  #loadDecisions(): void {
    const { last, kinds } = this.#lastAct < 0 ? { last: this.#reads.actsSince(-1).last, kinds: ['everything'] } : this.#reads.actsSince(this.#lastAct)
    this.#lastAct = last
    if (!this.#table) return
    const touched = new Set(kinds.length === 0 ? ['everything'] : kinds)
    const any = (...names: string[]): boolean => names.some((name) => touched.delete(name))
    const verdicts = any('verdict', 'accept-groups', 'keep-groups', 'drop-groups', 'clear-groups')
    const labels = any('label', 'accept-predictions')
    const pins = any('pin-keeper')
    const relations = any('relation', 'break-group')
    any('identity', 'fold', 'class-add', 'class-rename', 'class-merge')
    // Whatever is left (role, protect, an act this program does not know) may touch the images themselves.
    if (touched.size > 0) {
      this.#stale.add('images')
      return
    }
    if (verdicts) this.#loadVerdicts()
    if (labels || pins) this.#loadLabels()
    if (relations) {
      this.#nodes = null
      this.#perceptual = null
      this.#descriptor = null
      this.#ranked = null
    }
    this.#replay = null
  }

  #loadImages(): void {
    this.#stale.delete('images')
    const columns = this.#reads.images()
    this.#table = { ...columns, label: new Uint8Array(columns.ids.length), pinned: new Uint8Array(columns.ids.length) }
    this.#shas = new HashTable(columns.sha)
    this.#pixels = new HashTable(columns.pixels)
    this.#nodes = null
    this.#perceptual = null
    this.#descriptor = null
    this.#embeddedSince = null
    this.#loadLabels()
    this.#loadVerdicts()
  }

  #loadLabels(): void {
    const { table } = this
    this.#table = { ...table, label: spread(this.#reads.labels(), table.ids), pinned: spread({ ids: this.#reads.pins(), values: null }, table.ids) }
    this.#ranked = null
    this.#replay = null
  }

  #loadVerdicts(): void {
    this.#verdict = spread(this.#reads.verdicts(), this.table.ids)
    this.#replay = this.#replay && { ...this.#replay, states: groupStates(this.#replay.groups, this.#verdict) }
  }

  #makeNodes(): void {
    const relations: Relation[] = this.#reads.relations().map(({ a, b, value }) => ({ a: hashOf(a), b: hashOf(b), value }))
    this.#nodes = nodesOf(this.table.ids.length, this.table.sha, this.#shas as HashTable, this.#pixels as HashTable, relations)
    this.#ranked = null
    this.#replay = null
  }

  #link(graph: Graph | null): Linked {
    const { edges, covered, withoutVector } = liveEdges(graph, this.table.ids, this.table.sha, this.nodes)
    this.#ranked = null
    this.#replay = null
    return { graph, edges, covered, withoutVector, links: adjacencyOf(this.nodes.count, edges) }
  }

  #rank(rules: readonly KeeperRule[]): Ranked {
    const key = rules.join()
    if (this.#ranked?.rules === key) return this.#ranked
    const { table, nodes } = this
    const perceptualEdges = (this.#perceptual as Linked).edges
    const descriptorEdges = (this.#descriptor as Linked).edges
    const best = bestRows(table, rules, nodes)
    const perceptual = suspicions(table, best, perceptualEdges)
    const descriptor = suspicions(table, best, descriptorEdges)
    const linked = new Uint8Array(nodes.count)
    for (let node = 0; node < nodes.count; node++) if ((nodes.starts[node + 1] as number) - (nodes.starts[node] as number) > 1) linked[node] = 1
    for (const node of nodes.twins.keys()) linked[node] = 1
    for (const { a, b } of [perceptualEdges, descriptorEdges]) {
      for (const node of a) linked[node] = 1
      for (const node of b) linked[node] = 1
    }
    this.#ranked = { rules: key, best, perceptual, descriptor, sequence: keeperSequence(table, rules, best, linked, [perceptual, descriptor]) }
    return this.#ranked
  }
}

/** A graph that cannot be read is as good as none: a new search replaces it. */
function readOrNull(file: string): Graph | null {
  try {
    return readGraph(file)
  } catch {
    return null
  }
}

/** Row of an image id in ascending ids, or -1. */
export function rowOf(ids: Int32Array, id: number): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ids[middle] as number) < id) low = middle + 1
    else high = middle
  }
  return ids[low] === id ? low : -1
}

/** Values by image id laid out by row; an id without values counts as 1. */
function spread({ ids, values }: { readonly ids: Int32Array; readonly values: Uint8Array | null }, rows: Int32Array): Uint8Array {
  const out = new Uint8Array(rows.length)
  const dense = ids.length > 1000 && rows.length > 0
  const index = dense ? new Int32Array((rows.at(-1) as number) + 1).fill(-1) : null
  if (index) for (let row = 0; row < rows.length; row++) index[rows[row] as number] = row
  for (let i = 0; i < ids.length; i++) {
    const row = index ? (index[ids[i] as number] ?? -1) : rowOf(rows, ids[i] as number)
    if (row >= 0) out[row] = values ? (values[i] as number) : 1
  }
  return out
}

/** Cosines of the stored edges from the floor of the search to 1. */
function histogramOf(descriptor: Linked | null): DuplicateSummary['histogram'] {
  const from = descriptor?.graph?.meta.limit ?? 0
  const counts = Array.from({ length: histogramBars }, () => 0)
  if (!descriptor?.graph) return { from: 0, to: 1, counts: [] }
  const width = Math.max(1e-9, 1 - from) / histogramBars
  for (const score of descriptor.edges.score) {
    const bar = Math.max(0, Math.min(histogramBars - 1, Math.floor((score - from) / width)))
    counts[bar] = (counts[bar] as number) + 1
  }
  return { from, to: 1, counts }
}
