import { WinnowError } from '../domain/errors.ts'
import { IntIndex } from '../metrics/intIndex.ts'

/** Images with one label each. */
export interface LabelledImages {
  /** n image ids, ascending. */
  readonly images: Int32Array
  /** n labels as they came, none negative. */
  readonly labels: Int32Array
}

/** One label an image: of several (candidates, best first) the first. Sorted by image. Throws BAD_INPUT for a negative label. */
export function labelledImages(images: Int32Array, labels: Int32Array): LabelledImages {
  const bad = labels.findIndex((label) => label < 0)
  if (bad >= 0) throw new WinnowError('BAD_INPUT', `Label ${labels[bad]} of image ${images[bad]} is no class. Labels are whole numbers from 0.`)
  const index = new IntIndex(images)
  const rows = Int32Array.from(images.keys()).filter((row) => index.find(images[row] as number) === row).sort((a, b) => (images[a] as number) - (images[b] as number))
  return { images: rows.map((row) => images[row] as number), labels: rows.map((row) => labels[row] as number) }
}

/** Labels as places: `classes[classOf[i]]` is the label; places ascend with the labels. */
export function classPlaces(labels: Int32Array): { readonly classes: Int32Array; readonly classOf: Int32Array } {
  const classes = Int32Array.from(new Set(labels)).sort()
  const placeOf = new Map([...classes].map((label, place) => [label, place]))
  return { classes, classOf: labels.map((label) => placeOf.get(label) as number) }
}
