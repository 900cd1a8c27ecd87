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

const bases = new Map<number, Float64Array>()

/** side x length: the DCT-II waves of frequency 1..8 over `length` samples. */
function basisOf(length: number): Float64Array {
  const known = bases.get(length)
  if (known) return known
  const basis = new Float64Array(side * length)
  for (let u = 0; u < side; u++) {
    for (let x = 0; x < length; x++) basis[u * length + x] = Math.cos((Math.PI * (2 * x + 1) * (u + 1)) / (2 * length))
  }
  if (bases.size < 1024) bases.set(length, basis)
  return basis
}

/**
 * 8 x 8 DCT-II coefficients (row v: vertical frequency v + 1, column u: horizontal frequency u + 1) of a luma plane of any size.
 * The low frequencies are taken straight from the plane, without a resize to 32 x 32 in between, so that a mirrored plane gives exactly
 * the same numbers with other signs. Rounded, because what is exactly 0 by symmetry must not become noise of either sign.
 */
function lowFrequencies(luma: Float32Array, width: number, height: number): Float64Array {
  const horizontal = basisOf(width)
  const vertical = basisOf(height)
  const rows = new Float64Array(height * side)
  for (let y = 0; y < height; y++) {
    const start = y * width
    for (let u = 0; u < side; u++) {
      const wave = u * width
      let sum = 0
      for (let x = 0; x < width; x++) sum += (luma[start + x] as number) * (horizontal[wave + x] as number)
      rows[y * side + u] = sum
    }
  }
  const coefficients = new Float64Array(bits)
  const scale = 1000 / (width * height)
  for (let v = 0; v < side; v++) {
    for (let u = 0; u < side; u++) {
      let sum = 0
      for (let y = 0; y < height; y++) sum += (rows[y * side + u] as number) * (vertical[v * height + y] as number)
      coefficients[v * side + u] = Math.round(sum * scale)
    }
  }
  return coefficients
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
 * plane (`height` x `width`, 0..255) in all 8 orientations: 64 bytes, eight big-endian hashes. Mirroring a picture changes the sign of
 * its odd coefficients and transposing it swaps the axes, so the eight come from one DCT.
 */
export function perceptualHashes(luma: Float32Array, width: number, height: number): Uint8Array {
  const coefficients = lowFrequencies(luma, width, height)
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
