import { unzipSync } from 'fflate'
import { WinnowError } from '../domain/errors.ts'
import { parseNpy } from '../formats/npy.ts'
import { delfFeatures } from './delfFeatures.ts'
import type { LocalFeatures } from './localFeatures.ts'

/** A member that would unpack to more than this is not taken: a thousand DELF features are 160 KB. */
const mostMemberBytes = 256 * 2 ** 20

const names = {
  locations: ['locations', 'location', 'loc', 'keypoints'],
  descriptors: ['descriptors', 'descriptor', 'desc', 'features'],
  scores: ['attention', 'attentions', 'scores', 'score']
} as const

/**
 * DELF features in the bytes of an .npz: `locations` N x 2 in DELF's order (y, x), pixels of the whole image; `descriptors` N x D; `attention` N or N x 1 where
 * there is one. Other usual names are taken too, among them `loc` and `desc` of the Landmark 2019 code. Throws BAD_INPUT or CORRUPT naming `name` and the array.
 */
export function parseDelfNpz(bytes: Uint8Array, name: string): LocalFeatures {
  const members = unzip(bytes, name)
  const array = (wanted: readonly string[]): { data: Float32Array; shape: readonly number[] } | null => {
    const member = wanted.find((each) => `${each}.npy` in members)
    if (!member) return null
    const { data, shape } = parseNpy(members[`${member}.npy`] as Uint8Array, `${name}, ${member}`)
    if (!(data instanceof Float32Array || data instanceof Float64Array || data instanceof Int32Array)) throw new WinnowError('BAD_INPUT', `${name}: the array "${member}" must hold numbers (float32 or float64).`)
    return { data: Float32Array.from(data), shape }
  }
  const locations = array(names.locations)
  const descriptors = array(names.descriptors)
  if (!locations || !descriptors) {
    throw new WinnowError('BAD_INPUT', `${name} has no array "${locations ? 'descriptors' : 'locations'}"; it has ${Object.keys(members).join(', ') || 'none'}. Save it with numpy.savez(file, locations=…, descriptors=…).`)
  }
  const n = locations.shape[0] ?? 0
  if (locations.shape.length !== 2 || locations.shape[1] !== 2) throw new WinnowError('BAD_INPUT', `${name}: "locations" has the shape (${locations.shape.join(', ')}); (N, 2) is needed.`)
  if (descriptors.shape.length !== 2 || descriptors.shape[0] !== n || !descriptors.shape[1]) throw new WinnowError('BAD_INPUT', `${name}: "descriptors" has the shape (${descriptors.shape.join(', ')}); (${n}, D) is needed.`)
  const attention = array(names.scores)
  if (attention && attention.data.length !== n) throw new WinnowError('BAD_INPUT', `${name}: "attention" has ${attention.data.length} values; ${n} are needed.`)
  const points = new Float32Array(2 * n)
  for (let i = 0; i < n; i++) {
    points[2 * i] = locations.data[2 * i + 1] as number
    points[2 * i + 1] = locations.data[2 * i] as number
  }
  // Without scores the first ones count as the strongest: DELF writes them in that order.
  return delfFeatures({ points, scores: attention?.data ?? Float32Array.from({ length: n }, (_, i) => -i), dim: descriptors.shape[1], data: descriptors.data }, name)
}

function unzip(bytes: Uint8Array, name: string): Record<string, Uint8Array> {
  const wanted = new Set(Object.values(names).flat().map((each) => `${each}.npy`))
  let tooLarge: string | null = null
  try {
    const members = unzipSync(bytes, {
      filter: (member) => {
        if (!wanted.has(member.name as never)) return false
        if (member.originalSize > mostMemberBytes) tooLarge = member.name
        return tooLarge === null
      }
    })
    if (tooLarge === null) return members
  } catch (error) {
    throw new WinnowError('CORRUPT', `${name} is no whole .npz file (${error instanceof Error ? error.message : String(error)}). Write it again.`)
  }
  throw new WinnowError('BAD_INPUT', `${name}: ${String(tooLarge)} is larger than ${mostMemberBytes / 2 ** 20} MB, which cannot be the features of one image.`)
}
