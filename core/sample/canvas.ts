import sharp from 'sharp'
import { release } from '../images/release.ts'
import type { Rgb } from './colour.ts'
import { borrow, giveBack } from './scratch.ts'

/** A picture in the making: float RGB (0..1) and, for each pixel, how far away what is painted there lies (Infinity: sky). */
export class Canvas {
  readonly width: number
  readonly height: number
  /** height x width x 3 */
  readonly pixels: Float32Array<ArrayBuffer>
  /** height x width */
  readonly depth: Float32Array<ArrayBuffer>

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.pixels = borrow(width * height * 3).fill(0)
    this.depth = borrow(width * height).fill(Infinity)
  }

  /** After this nothing may be painted or read any more. */
  end(): void {
    giveBack(this.pixels, this.depth)
  }

  get(x: number, y: number): Rgb {
    const i = (y * this.width + x) * 3
    return [this.pixels[i] ?? 0, this.pixels[i + 1] ?? 0, this.pixels[i + 2] ?? 0]
  }

  /** Mixes `colour` into one pixel where nothing nearer than `depth` stands. */
  blend(x: number, y: number, colour: Rgb, alpha: number, depth = 0): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return
    const at = y * this.width + x
    if ((this.depth[at] as number) < depth) return
    const { pixels } = this
    const i = at * 3
    pixels[i] = (pixels[i] as number) + (colour[0] - (pixels[i] as number)) * alpha
    pixels[i + 1] = (pixels[i + 1] as number) + (colour[1] - (pixels[i + 1] as number)) * alpha
    pixels[i + 2] = (pixels[i + 2] as number) + (colour[2] - (pixels[i + 2] as number)) * alpha
  }

  /** A brush dab: an ellipse of radii `rx`, `ry` px turned by `angle`, soft over its outer pixel. */
  dab(cx: number, cy: number, rx: number, ry: number, angle: number, colour: Rgb, alpha = 1, depth = 0): void {
    const reach = Math.max(rx, ry) + 1
    const x0 = Math.max(0, Math.floor(cx - reach))
    const x1 = Math.min(this.width - 1, Math.ceil(cx + reach))
    const y0 = Math.max(0, Math.floor(cy - reach))
    const y1 = Math.min(this.height - 1, Math.ceil(cy + reach))
    const cos = Math.cos(angle)
    const sin = Math.sin(angle)
    const edge = Math.max(0.5, Math.min(rx, ry))
    // Beyond this the soft edge has ended: most pixels of the square need no root.
    const outside = (1 + 0.5 / edge) ** 2
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const dx = x - cx
        const dy = y - cy
        const u = (dx * cos + dy * sin) / rx
        const v = (dy * cos - dx * sin) / ry
        const away = u * u + v * v
        if (away >= outside) continue
        const cover = (1 - Math.sqrt(away)) * edge + 0.5
        if (cover > 0) this.blend(x, y, colour, alpha * (cover < 1 ? cover : 1), depth)
      }
    }
  }

  /** A round glow that adds light (screen), falling to nothing at `radius` px. */
  glow(cx: number, cy: number, radius: number, colour: Rgb, strength: number, power = 2): void {
    const x0 = Math.max(0, Math.floor(cx - radius))
    const x1 = Math.min(this.width - 1, Math.ceil(cx + radius))
    const y0 = Math.max(0, Math.floor(cy - radius))
    const y1 = Math.min(this.height - 1, Math.ceil(cy + radius))
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        // Math.hypot guards against overflow and takes ten times as long.
        const d = Math.sqrt((x - cx) ** 2 + (y - cy) ** 2) / radius
        if (d < 1) this.screen(x, y, colour, strength * (1 - d) ** power)
      }
    }
  }

  screen(x: number, y: number, colour: Rgb, strength: number): void {
    const i = (y * this.width + x) * 3
    const { pixels } = this
    const [r, g, b] = [pixels[i] as number, pixels[i + 1] as number, pixels[i + 2] as number]
    if (r < 1) pixels[i] = r + (1 - r) * colour[0] * strength
    if (g < 1) pixels[i + 1] = g + (1 - g) * colour[1] * strength
    if (b < 1) pixels[i + 2] = b + (1 - b) * colour[2] * strength
  }

  /** A line that tapers from `w0` to `w1` px wide. */
  stroke(x0: number, y0: number, x1: number, y1: number, w0: number, w1: number, colour: Rgb, alpha = 1, depth = 0): void {
    const length = Math.hypot(x1 - x0, y1 - y0)
    const nearest = Math.max(w0, w1) / 2 + 1
    const left = Math.max(0, Math.floor(Math.min(x0, x1) - nearest))
    const right = Math.min(this.width - 1, Math.ceil(Math.max(x0, x1) + nearest))
    const top = Math.max(0, Math.floor(Math.min(y0, y1) - nearest))
    const bottom = Math.min(this.height - 1, Math.ceil(Math.max(y0, y1) + nearest))
    const ux = length > 0 ? (x1 - x0) / length : 0
    const uy = length > 0 ? (y1 - y0) / length : 0
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const dx = x - x0
        const dy = y - y0
        const along = Math.min(length, Math.max(0, dx * ux + dy * uy))
        const away = Math.sqrt((dx - along * ux) ** 2 + (dy - along * uy) ** 2)
        const half = (w0 + (w1 - w0) * (length > 0 ? along / length : 0)) / 2
        const cover = Math.min(1, half * 2) * Math.min(1, half - away + 0.5)
        if (cover > 0) this.blend(x, y, colour, alpha * cover, depth)
      }
    }
  }

  /** Rasterises SVG elements (in pixels of this canvas) with librsvg and lays them over, where nothing nearer than `depth` stands. */
  async svg(body: string, depth = 0, touch?: (x: number, y: number, colour: Float32Array) => void): Promise<void> {
    const { width, height, pixels } = this
    const source = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`
    const { data } = await sharp(Buffer.from(source)).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    const colour = new Float32Array(3)
    for (let at = 0, i = 0; at < width * height; at++, i += 4) {
      const alpha = data[i + 3] as number
      if (alpha === 0 || (this.depth[at] as number) < depth) continue
      colour[0] = (data[i] as number) / 255
      colour[1] = (data[i + 1] as number) / 255
      colour[2] = (data[i + 2] as number) / 255
      touch?.(at % width, (at / width) | 0, colour)
      const p = at * 3
      const a = alpha / 255
      pixels[p] = (pixels[p] as number) * (1 - a) + colour[0] * a
      pixels[p + 1] = (pixels[p + 1] as number) * (1 - a) + colour[1] * a
      pixels[p + 2] = (pixels[p + 2] as number) * (1 - a) + colour[2] * a
      if (depth > 0 && alpha > 127) this.depth[at] = depth
    }
    release(data)
  }
}
