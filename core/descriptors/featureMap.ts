import type { Matrix } from '../domain/matrix.ts'

/** Activations of `count` images: value (image, channel, position) at data[(image * channels + channel) * positions + position]: N x C x H x W. */
export interface FeatureMaps {
  readonly count: number
  readonly channels: number
  /** H x W. */
  readonly positions: number
  readonly data: Float32Array
}

/** Throws RangeError where the values do not fill the shape. */
export function featureMaps(data: Float32Array, count: number, channels: number): FeatureMaps {
  const positions = data.length / (count * channels)
  if (!Number.isInteger(positions) || positions < 1) throw new RangeError(`${data.length} values are not ${count} maps of ${channels} channels.`)
  return { count, channels, positions, data }
}

/** count x channels: what `pool` makes of the positions [from, to) of each channel. */
function poolChannels({ count, channels, positions, data }: FeatureMaps, pool: (data: Float32Array, from: number, to: number) => number): Matrix {
  return { rows: count, dim: channels, data: Float32Array.from({ length: count * channels }, (_, i) => pool(data, i * positions, (i + 1) * positions)) }
}

/**
 * Generalised mean, (mean of max(x, eps)^p)^(1/p), per channel (Radenović et al., "Fine-tuning CNN image retrieval", 2018). p = 1 is the mean
 * of the clamped values, not the plain mean: after a last block without activation the clamp acts as a ReLU (lyakaap/ISC21-Descriptor-Track-1st).
 */
export function gemPool(maps: FeatureMaps, p: number, eps = 1e-6): Matrix {
  if (!(p > 0)) throw new RangeError(`GeM needs a power above 0, not ${p}.`)
  return poolChannels(maps, (data, from, to) => {
    let sum = 0
    for (let i = from; i < to; i++) sum += Math.max(data[i] as number, eps) ** p
    return (sum / (to - from)) ** (1 / p)
  })
}

/**
 * Generalised mean without a clamp: the power's mean keeps its sign, sign(m) |m|^(1/p) with m = mean of x^p ("G" of
 * flyingsheepbin/pet-biometrics). Throws RangeError where p is not a whole number above 0: a negative value has no other power.
 */
export function signedGemPool(maps: FeatureMaps, p: number): Matrix {
  if (!Number.isInteger(p) || p < 1) throw new RangeError(`The signed mean needs a whole power above 0, not ${p}.`)
  return poolChannels(maps, (data, from, to) => {
    let sum = 0
    for (let i = from; i < to; i++) sum += (data[i] as number) ** p
    const mean = sum / (to - from)
    return Math.sign(mean) * Math.abs(mean) ** (1 / p)
  })
}

/** The mean over the positions of each channel. */
export const meanPool = (maps: FeatureMaps): Matrix =>
  poolChannels(maps, (data, from, to) => {
    let sum = 0
    for (let i = from; i < to; i++) sum += data[i] as number
    return sum / (to - from)
  })

/** The greatest value of each channel. */
export const maxPool = (maps: FeatureMaps): Matrix =>
  poolChannels(maps, (data, from, to) => {
    let greatest = -Infinity
    for (let i = from; i < to; i++) greatest = Math.max(greatest, data[i] as number)
    return greatest
  })

/** Mean beside maximum, count x 2C ("S" and "M" of flyingsheepbin/pet-biometrics, after Jun et al., "Combination of multiple global descriptors", 2019). */
export function meanMaxPool(maps: FeatureMaps): Matrix {
  const mean = meanPool(maps)
  const max = maxPool(maps)
  const data = new Float32Array(maps.count * maps.channels * 2)
  for (let row = 0; row < maps.count; row++) {
    data.set(mean.data.subarray(row * maps.channels, (row + 1) * maps.channels), row * maps.channels * 2)
    data.set(max.data.subarray(row * maps.channels, (row + 1) * maps.channels), (row * 2 + 1) * maps.channels)
  }
  return { rows: maps.count, dim: maps.channels * 2, data }
}
