import { setImmediate } from 'node:timers/promises'
import type { ResolvedGroup } from '../dedupe/duplicateService.ts'
import { edgeKinds, type GroupColumns } from './resolvedAct.ts'

const pauseEvery = 20_000

/** Groups as columns, with pauses, so that a million members do not hold up the engine's loop. */
export async function groupColumns(groups: readonly ResolvedGroup[]): Promise<GroupColumns> {
  const total = groups.reduce((sum, group) => sum + group.members.length, 0)
  const columns = {
    keepers: new Int32Array(groups.length),
    reasons: [] as string[],
    starts: new Int32Array(groups.length + 1),
    members: new Int32Array(total),
    kinds: new Uint8Array(total),
    similarities: new Float64Array(total),
    distances: new Float64Array(total)
  }
  let at = 0
  let sincePause = 0
  for (const [g, group] of groups.entries()) {
    columns.keepers[g] = group.keeper
    columns.reasons.push(group.reason)
    for (const { imageId, kind, similarity, distance } of group.members) {
      columns.members[at] = imageId
      columns.kinds[at] = edgeKinds.indexOf(kind)
      columns.similarities[at] = similarity ?? NaN
      columns.distances[at] = distance ?? NaN
      at++
    }
    columns.starts[g + 1] = at
    sincePause += group.members.length + 1
    if (sincePause >= pauseEvery) {
      sincePause = 0
      await setImmediate()
    }
  }
  return columns
}
