import type { AnyRaster, Raster } from './raster.ts'
import { pick } from './resamplePillow.ts'
import { applyTaps, cubicWeights, makeTaps, type Taps } from './resampleTaps.ts'

export interface TorchOptions {
  readonly mode: 'bilinear' | 'bicubic'
  readonly alignCorners: boolean
  /** As `scale_factor` of F.interpolate: the output's grid is the input's over exactly this factor, not over the ratio of the whole sizes. Without effect where corners are aligned. */
  readonly factor?: number | undefined
}

/**
 * `torch.nn.functional.interpolate(x, size, mode, align_corners)` without antialias (PyTorch, aten/src/ATen/native/UpSample.h). Fractions are
 * kept, as there.
 */
export function torchResize(source: AnyRaster, width: number, height: number, { mode, alignCorners, factor }: TorchOptions): Raster<Float32Array> {
  const taps = (from: number, to: number): Taps => {
    const scale = alignCorners ? (to > 1 ? (from - 1) / (to - 1) : 0) : factor === undefined ? from / to : 1 / factor
    const place = (i: number): number => (alignCorners ? i * scale : (i + 0.5) * scale - 0.5)
    return mode === 'bilinear' ? linearTaps(from, to, place) : cubicTaps(from, to, place)
  }
  return applyTaps(source, taps(source.width, width), taps(source.height, height))
}

function linearTaps(from: number, to: number, place: (i: number) => number): Taps {
  return makeTaps(to, 2, (i, put) => {
    const at = Math.max(0, place(i))
    const low = Math.min(from - 1, Math.floor(at))
    const share = Math.min(1, at - low)
    put(low, 1 - share)
    put(Math.min(from - 1, low + 1), share)
  })
}

function cubicTaps(from: number, to: number, place: (i: number) => number): Taps {
  return makeTaps(to, 4, (i, put) => {
    const at = place(i)
    const low = Math.floor(at)
    for (const [k, weight] of cubicWeights(at - low, -0.75).entries()) put(Math.max(0, Math.min(from - 1, low - 1 + k)), weight)
  })
}

/** mode='nearest': floor(i * from / to), in single precision as there. */
export function torchNearest(source: Raster, width: number, height: number): Raster {
  const places = (from: number, to: number): Int32Array => {
    const scale = Math.fround(from / to)
    return Int32Array.from({ length: to }, (_, i) => Math.min(from - 1, Math.floor(Math.fround(i * scale))))
  }
  return pick(source, places(source.width, width), places(source.height, height))
}
