import { classKey } from '../domain/className.ts'
import { IntIndex } from '../metrics/intIndex.ts'
import { cleanLabels } from '../metrics/tasks/groups.ts'
import type { FlagsTruth } from '../metrics/truth.ts'
import { readClassList, readTruth } from '../metrics/truthArtefact.ts'
import type { Artefact } from '../recipes/artefact.ts'
import { judgedClean, judgedForeign } from './gridTruth.ts'
import type { LabelledImages } from './labelColumn.ts'

export interface ImageVerdicts {
  /** Beside the sweep's images: see gridTruth.ts. */
  readonly verdicts: Uint8Array
  /** Clean images of the truth, in the sweep or not. */
  readonly clean: number
}

/**
 * What a truth says of the sweep's images: flags as they are, classes by whether the given label names one of the image's own. null for a
 * truth of another kind. `names`: of the labels; where there are none, labels are class ids of the project.
 */
export async function readVerdicts(artefact: Artefact, { images, labels }: LabelledImages, names: ReadonlyMap<number, string>): Promise<ImageVerdicts | null> {
  const truth = await readTruth(artefact)
  if (truth.kind === 'flags') return verdictsOf(truth, images)
  if (truth.kind !== 'classes') return null
  const places = new Map<number, number>()
  if (names.size > 0) {
    const placeOf = new Map(truth.names.map((name, place) => [classKey(name), place]))
    for (const [label, name] of names) places.set(label, placeOf.get(classKey(name)) ?? -1)
  } else {
    for (const [place, classId] of (await readClassList(artefact)).classIds.entries()) if (classId >= 0) places.set(classId, place)
  }
  return verdictsOf(cleanLabels(truth, images, labels.map((label) => places.get(label) ?? -1)), images)
}

function verdictsOf({ images: judged, flag }: FlagsTruth, images: Int32Array): ImageVerdicts {
  const rows = new IntIndex(judged)
  const verdicts = Uint8Array.from(images, (image) => {
    const row = rows.find(image)
    return row < 0 ? 0 : flag[row] === 1 ? judgedClean : judgedForeign
  })
  return { verdicts, clean: flag.reduce((sum, one) => sum + (one === 1 ? 1 : 0), 0) }
}
