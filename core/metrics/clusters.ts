import { noTruth } from './noTruth.ts'
import { PairIndex } from './intIndex.ts'

export interface ClusterAgreement {
  readonly items: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/**
 * B-cubed (Bagga and Baldwin 1998; Amigó et al. 2009): for each item the share of its cluster that is of its class (precision) and the share of its
 * class that is in its cluster (recall), itself counted in both, averaged over items; F is their harmonic mean. `cluster[i]` and `label[i]` are
 * any integers; cluster -1 is an item in no cluster, alone; label -1 is unknown and leaves the item out. Throws BAD_INPUT without labelled items.
 */
export function bCubed(cluster: Int32Array, label: Int32Array): ClusterAgreement {
  const table = crossTable(cluster, label)
  let precision = 0
  let recall = 0
  for (let cell = 0; cell < table.size.length; cell++) {
    const size = table.size[cell] as number
    precision += (size * size) / (table.clusterSize[table.cluster[cell] as number] as number)
    recall += (size * size) / (table.labelSize[table.label[cell] as number] as number)
  }
  return mean(precision / table.items, recall / table.items, table.items)
}

export interface PairAgreement extends ClusterAgreement {
  /** Pairs of items in one cluster, of one class, and both. */
  readonly clusterPairs: number
  readonly labelPairs: number
  readonly hits: number
}

/** Precision and recall over pairs of items: of the pairs in one cluster, those of one class; of the pairs of one class, those in one cluster. */
export function clusterPairs(cluster: Int32Array, label: Int32Array): PairAgreement {
  const table = crossTable(cluster, label)
  const pairs = (sizes: Iterable<number>): number => {
    let sum = 0
    for (const size of sizes) sum += (size * (size - 1)) / 2
    return sum
  }
  const hits = pairs(table.size)
  const together = pairs(table.clusterSize)
  const same = pairs(table.labelSize)
  return { ...mean(together === 0 ? 1 : hits / together, same === 0 ? 1 : hits / same, table.items), clusterPairs: together, labelPairs: same, hits }
}

const mean = (precision: number, recall: number, items: number): ClusterAgreement =>
  ({ items, precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) })

interface CrossTable {
  readonly items: number
  readonly clusterSize: Int32Array
  readonly labelSize: Int32Array
  /** One entry for each cluster and label that share items. */
  readonly cluster: Int32Array
  readonly label: Int32Array
  readonly size: Int32Array
}

function crossTable(cluster: Int32Array, label: Int32Array): CrossTable {
  if (cluster.length !== label.length) throw new RangeError(`${cluster.length} clusters stand beside ${label.length} labels.`)
  const known = Uint32Array.from(label.keys()).filter((i) => label[i] !== -1)
  if (known.length === 0) throw noTruth('labelled item')
  // An item in no cluster gets one of its own: pair (-1, its position) instead of (cluster, 0).
  const clusters = dense(Int32Array.from(known, (i) => cluster[i] as number), Int32Array.from(known, (i) => (cluster[i] === -1 ? i : 0)))
  const labels = dense(Int32Array.from(known, (i) => label[i] as number), new Int32Array(known.length))
  const cells = dense(clusters.of, labels.of)
  return { items: known.length, clusterSize: clusters.sizes, labelSize: labels.sizes, cluster: cells.first.map((at) => clusters.of[at] as number), label: cells.first.map((at) => labels.of[at] as number), size: cells.sizes }
}

/** Numbers distinct pairs from 0 in the order of their first appearance. */
function dense(a: Int32Array, b: Int32Array): { of: Int32Array; sizes: Int32Array; first: Int32Array } {
  const index = new PairIndex(a, b)
  const of = new Int32Array(a.length)
  const first = new Int32Array(a.length - index.repeated)
  const sizes = new Int32Array(first.length)
  let count = 0
  for (let i = 0; i < a.length; i++) {
    const at = index.find(a[i] as number, b[i] as number)
    if (at === i) first[count] = i
    of[i] = at === i ? count++ : (of[at] as number)
    sizes[of[i] as number]!++
  }
  return { of, sizes, first }
}
