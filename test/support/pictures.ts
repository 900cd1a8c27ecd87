import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A small picture as binary PPM: a slanted gradient and a bar, different for every seed. */
export function ppm(seed: number, width = 48, height = 40): Buffer {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      const bar = (x + seed * 7) % 23 < 5 ? 120 : 0
      pixels[at] = (x * 5 + seed * 31 + bar) & 255
      pixels[at + 1] = (y * 6 + seed * 17 + bar) & 255
      pixels[at + 2] = ((x + y) * 3 + seed * 53) & 255
    }
  }
  return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels])
}

/** Writes pictures into class folders: `a/0.ppm`, `b/1.ppm`, … in turn. */
export function writePictures(folder: string, count: number, classes: readonly string[] = ['a', 'b']): void {
  for (let index = 0; index < count; index++) {
    const file = join(folder, classes[index % classes.length] ?? '', `${index}.ppm`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, ppm(index))
  }
}
