import type { RgbPixels } from '../images/rawPixels.ts'

/** Where the eight neighbours lie on a circle of radius 1, from the right counter-clockwise, to five decimals. */
const diagonal = 0.70711
const circle = [[0, 1], [-diagonal, diagonal], [-1, 0], [-diagonal, -diagonal], [0, -1], [diagonal, -diagonal], [1, 0], [diagonal, diagonal]] as const

/** Any other pattern: nobody asks which. */
const other = 2

/**
 * Local binary patterns (Ojala, Pietikainen, Maenpaa, PAMI 24(7), 2002; 8 points, radius 1, bilinear, black beyond the border) as far as anything here looks at
 * them: 0 where every neighbour is darker than the pixel, 1 where only the right one is not, 2 for all the rest. width x height x 3, one per channel.
 * The arithmetic is that of skimage.feature.local_binary_pattern, so that ties fall the same way.
 */
export function texturePatterns({ width, height, data }: RgbPixels): Uint8Array {
  const out = new Uint8Array(width * height * 3).fill(other)
  const at = (x: number, y: number, channel: number): number => (x < 0 || y < 0 || x >= width || y >= height ? 0 : (data[(y * width + x) * 3 + channel] as number))
  const between = (x: number, y: number, channel: number): number => {
    const left = Math.floor(x)
    const top = Math.floor(y)
    const right = Math.ceil(x)
    const bottom = Math.ceil(y)
    const dx = x - left
    const dy = y - top
    const above = (1 - dx) * at(left, top, channel) + dx * at(right, top, channel)
    const below = (1 - dx) * at(left, bottom, channel) + dx * at(right, bottom, channel)
    return (1 - dy) * above + dy * below
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const i = (y * width + x) * 3 + channel
        const centre = data[i] as number
        // Most pixels fail at the straight neighbours, which need no interpolation.
        if (at(x, y - 1, channel) >= centre || at(x - 1, y, channel) >= centre || at(x, y + 1, channel) >= centre) continue
        let darker = true
        for (let point = 1; point < 8 && darker; point += 2) {
          const [dy, dx] = circle[point] as readonly [number, number]
          darker = between(x + dx, y + dy, channel) - centre < 0
        }
        if (darker) out[i] = at(x + 1, y, channel) >= centre ? 1 : 0
      }
    }
  }
  return out
}
