import type { ModelReport } from './report.ts'

export interface Aim {
  readonly model: string
  readonly what: string
  readonly wanted: string
  readonly measured: number
  readonly isMet: boolean
}

const leastNearestNeighbour = 0.7
const mostMilliseconds = 6

/** What a model of our own is to reach: better at copies than every shared model, good at 1-NN, and fast. */
export function aimsOf(models: readonly ModelReport[]): Aim[] {
  const shared = models.filter(({ isShared }) => isShared)
  return models.filter(({ isOurs }) => isOurs).flatMap(({ id, nearestNeighbour, byFamily: { all }, speed }) => {
    const above = (what: string, of: (model: ModelReport) => number, own: number): Aim[] => shared.map((other) =>
      ({ model: id, what, wanted: `> ${of(other).toFixed(3)} (${other.id})`, measured: own, isMet: own > of(other) }))
    return [
      ...above('uAP, all edits', ({ byFamily }) => byFamily.all.uAP, all.uAP),
      ...above('mean recall@1, all edits', ({ byFamily }) => byFamily.all.recallAt1, all.recallAt1),
      ...(nearestNeighbour === null ? [] : [{ model: id, what: '1-NN', wanted: `>= ${leastNearestNeighbour}`, measured: nearestNeighbour, isMet: nearestNeighbour >= leastNearestNeighbour }]),
      { model: id, what: 'ms an image, inference on one core', wanted: `<= ${mostMilliseconds}`, measured: speed.inference, isMet: speed.inference <= mostMilliseconds }
    ]
  })
}
