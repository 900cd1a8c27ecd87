import type { EvidenceCounts, RuleAxes } from './ruleGrid.ts'

/** What a truth says of an image. */
export const notJudged = 0
export const judgedClean = 1
export const judgedForeign = 2

/** Entry [i * frequencies.length + j] is the cell of values[i] and frequencies[j]. Precision of a cell is right / judged, its recall right / all clean images. */
export interface GridTruth {
  /** Images that the cell keeps and that are clean. */
  readonly right: Int32Array
  /** Images that the cell keeps and of which the truth says anything. */
  readonly judged: Int32Array
}

/** Every cell against a truth, in two passes over the images for each v. `verdicts`: one of the three words above an image. */
export function measureGrid({ images, counts }: EvidenceCounts, classOf: Int32Array, { values, frequencies, leastImages }: RuleAxes, verdicts: Uint8Array): GridTruth {
  const steps = frequencies.length
  const classes = classOf.reduce((most, label) => Math.max(most, label), -1) + 1
  const grid = { right: new Int32Array(values.length * steps), judged: new Int32Array(values.length * steps) }
  const clean = new Uint32Array(classes * steps)
  for (let v = 0; v < values.length; v++) {
    clean.fill(0)
    const each = (visit: (place: number, f: number, image: number) => void): void => {
      for (let image = 0; image < images; image++) {
        const label = classOf[image] as number
        if (label < 0) continue
        const count = counts[v * images + image] as number
        for (let f = 0; f < steps && count >= (frequencies[f] as number); f++) visit(label * steps + f, f, image)
      }
    }
    each((place) => { clean[place]!++ })
    each((place, f, image) => {
      if ((clean[place] as number) < leastImages || verdicts[image] === notJudged) return
      grid.judged[v * steps + f]!++
      if (verdicts[image] === judgedClean) grid.right[v * steps + f]!++
    })
  }
  return grid
}
