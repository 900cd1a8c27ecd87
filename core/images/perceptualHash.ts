import type { LumaPlane } from './quality.ts'

type Plane = Pick<LumaPlane, 'values' | 'width' | 'height'>

/** Coefficients kept each way: 8 x 8 = 64 bits. */
const side = 8
const bits = side * side
/** Bytes of the eight hashes of one picture, orientation 0 first. */
export const orientedHashBytes = 8 * 8

/**
 * The eight ways a picture can lie, in the order of EXIF: entry k is the picture as EXIF orientation k + 1 would show it
 * (0 as it is, 1 mirrored, 2 turned by 180, 3 upside down mirrored, 4 transposed, 5 turned by 90 clockwise, 6 transversed, 7 turned by 270).
 */
const orientations: readonly { readonly transpose: boolean; readonly flipX: boolean; readonly flipY: boolean }[] = [
  { transpose: false, flipX: false, flipY: false },
  { transpose: false, flipX: true, flipY: false },
  { transpose: false, flipX: true, flipY: true },
  { transpose: false, flipX: false, flipY: true },
  { transpose: true, flipX: false, flipY: false },
  { transpose: true, flipX: true, flipY: false },
  { transpose: true, flipX: true, flipY: true },
  { transpose: true, flipX: false, flipY: true }
]

/** The plane is averaged into at most this many cells each way before the transform. */
const mostCells = 64

const bases = new Map<number, Float64Array>()

/** side x length: the DCT-II waves of frequency 1..8 over `length` samples. */
function basisOf(length: number): Float64Array {
  const known = bases.get(length)
  if (known) return known
  const basis = new Float64Array(side * length)
  for (let u = 0; u < side; u++) {
    for (let x = 0; x < length; x++) basis[u * length + x] = Math.cos((Math.PI * (2 * x + 1) * (u + 1)) / (2 * length))
  }
  bases.set(length, basis)
  return basis
}

/** An odd length gets an odd number of cells: else the middle could not be cut alike from both sides. */
const cellsOf = (length: number): number => (length <= mostCells ? length : mostCells - (length % 2))

/** Where `cells` equal parts of `length` pixels begin, mirrored about the middle so that a mirrored picture is cut at the same places. */
function boundaries(length: number, cells: number): Int32Array {
  const at = new Int32Array(cells + 1)
  for (let i = 0; i <= cells; i++) at[i] = 2 * i < cells ? Math.floor((i * length) / cells) : length - Math.floor(((cells - i) * length) / cells)
  return at
}

/**
 * 8 x 8 DCT-II coefficients (row v: vertical frequency v + 1, column u: horizontal frequency u + 1) of a luma plane of any size. Sums are whole
 * numbers and the result is rounded, so that a mirrored plane gives exactly the same numbers with other signs, and what is 0 by symmetry
 * does not become noise of either sign.
 */
function lowFrequencies({ values: luma, width, height }: Plane): Float64Array {
  const across = cellsOf(width)
  const down = cellsOf(height)
  const left = boundaries(width, across)
  const top = boundaries(height, down)
  const horizontal = basisOf(across)
  const vertical = basisOf(down)
  const cells = new Float64Array(across)
  const columns = new Int32Array(width)
  const coefficients = new Float64Array(bits)
  const waves = new Float64Array(side)
  for (let row = 0; row < down; row++) {
    averageRow(luma, width, top[row] as number, top[row + 1] as number, left, columns, cells)
    for (let u = 0, wave = 0; u < side; u++) {
      let sum = 0
      for (let x = 0; x < across; x++) sum += (cells[x] as number) * (horizontal[wave++] as number)
      waves[u] = sum
    }
    for (let v = 0; v < side; v++) {
      const weight = vertical[v * down + row] as number
      for (let u = 0; u < side; u++) coefficients[v * side + u] = (coefficients[v * side + u] as number) + weight * (waves[u] as number)
    }
  }
  const scale = 1000 / (across * down)
  return coefficients.map((value) => Math.sign(value) * Math.floor(Math.abs(value) * scale + roundingShift))
}

/** Rounds alike on both sides of 0, and not at exact halves, which small pictures hit and which the last bit of a sum would decide. */
const roundingShift = 0.377

/** The mean of each cell in the rows [from, to): first down the columns, which is the order of the memory, then across. */
function averageRow(luma: Uint8Array, width: number, from: number, to: number, left: Int32Array, columns: Int32Array, out: Float64Array): void {
  for (let x = 0, at = from * width; x < width; x++, at++) columns[x] = luma[at] as number
  for (let y = from + 1; y < to; y++) {
    for (let x = 0, at = y * width; x < width; x++, at++) columns[x] = (columns[x] as number) + (luma[at] as number)
  }
  for (let cell = 0; cell < out.length; cell++) {
    const start = left[cell] as number
    const end = left[cell + 1] as number
    let sum = 0
    for (let x = start; x < end; x++) sum = (sum + (columns[x] as number)) | 0
    out[cell] = sum / ((end - start) * (to - from))
  }
}

/** Bit i (from the most significant of byte 0) says whether coefficient i lies above the median of the 64. */
function writeHash(coefficients: Float64Array, out: Uint8Array, offset: number): void {
  const sorted = Float64Array.from(coefficients).sort()
  const median = ((sorted[bits / 2 - 1] as number) + (sorted[bits / 2] as number)) / 2
  for (let i = 0; i < bits; i++) {
    if ((coefficients[i] as number) > median) out[offset + (i >> 3)] = (out[offset + (i >> 3)] as number) | (0x80 >> (i & 7))
  }
}

/**
 * The 64-bit DCT perceptual hash (pHash: Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010) of a luma
 * plane (`height` rows of `width` values, 0..255) in all 8 orientations: 64 bytes, eight big-endian hashes. Mirroring a picture changes the sign of
 * its odd coefficients and transposing it swaps the axes, so the eight come from one DCT.
 */
export function perceptualHashes(luma: Plane): Uint8Array {
  const coefficients = lowFrequencies(luma)
  const hashes = new Uint8Array(orientedHashBytes)
  const turned = new Float64Array(bits)
  for (const [k, { transpose, flipX, flipY }] of orientations.entries()) {
    for (let v = 0; v < side; v++) {
      for (let u = 0; u < side; u++) {
        // Index 0 is frequency 1: the odd frequencies, which change sign, have even indexes.
        const negative = (flipX && u % 2 === 0) !== (flipY && v % 2 === 0)
        const value = coefficients[transpose ? u * side + v : v * side + u] as number
        turned[v * side + u] = negative ? -value : value
      }
    }
    writeHash(turned, hashes, k * 8)
  }
  return hashes
}
