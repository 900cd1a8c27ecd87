import sharp from 'sharp'
import { Random } from './random.ts'
import type { EditKind } from './truth.ts'

const segments: Record<string, string> = { 0: 'abcdef', 1: 'bc', 2: 'abged', 3: 'abgcd', 4: 'fgbc', 5: 'afgcd', 6: 'afgedc', 7: 'abc', 8: 'abcdefg', 9: 'abcdfg' }
const strokes: Record<string, string> = { a: 'M1 0H9', b: 'M10 1V9', c: 'M10 11V19', d: 'M1 20H9', e: 'M0 11V19', f: 'M0 1V9', g: 'M1 10H9' }

/** The date that old cameras burnt into a corner, in seven-segment figures (drawn: the machine may have no fonts at all). */
function dateStamp(random: Random, width: number, height: number): string {
  const size = Math.max(12, height * 0.045)
  const text = `${random.int(10, 28)} ${random.int(10, 12)} ${random.int(95, 99)}`
  const digits = [...text].map((character, i) => (segments[character] ?? '').split('').map((segment) => `<path transform="translate(${i * 15} 0)" d="${strokes[segment] ?? ''}"/>`).join('')).join('')
  const long = text.length * 15 * (size / 20)
  return `<g transform="translate(${width - long - size} ${height - size * 2.2}) scale(${size / 20})" fill="none" stroke-linecap="round"><g stroke="#ff7a1a" stroke-width="6" opacity="0.35">${digits}</g><g stroke="#ffb45a" stroke-width="2.6">${digits}</g></g>`
}

/** A caption bar with strokes of writing, as a website or a stock agency lays over a picture. */
function captionBar(random: Random, width: number, height: number): string {
  const bar = height * random.range(0.08, 0.13)
  const y = random.chance(0.7) ? height - bar : 0
  let x = bar * 0.5
  const words: string[] = []
  while (x < width * 0.8) {
    const letters = random.int(3, 9)
    for (let i = 0; i < letters; i++) {
      const tall = random.chance(0.3) ? 0.5 : 0.3
      words.push(`<path d="M ${x} ${y + bar * 0.66} v ${-bar * tall} m ${bar * 0.08} ${bar * (tall - 0.28)} q ${bar * 0.1} ${-bar * 0.1} ${bar * 0.1} ${bar * 0.28}"/>`)
      x += bar * 0.26
    }
    x += bar * 0.3
  }
  return `<rect y="${y}" width="${width}" height="${bar}" fill="#101418" opacity="0.82"/><g fill="none" stroke="#f4f4f0" stroke-width="${bar * 0.075}" stroke-linecap="round">${words.join('')}</g>`
}

const overlay = (body: string, width: number, height: number): Buffer => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`)

/** Makes an edited copy of an encoded picture, the way pictures change as they travel. Returns the encoded result (png for `format` of a JPEG, else JPEG). */
export async function editPicture(source: Buffer, edit: Exclude<EditKind, 'exact'>, seed: string): Promise<Buffer> {
  const random = Random.of('edit', edit, seed)
  const { width, height, format } = await sharp(source).metadata()
  const image = sharp(source)
  const quality = random.int(80, 93)
  switch (edit) {
    case 'recompress':
      return await image.jpeg({ quality: random.int(22, 48) }).toBuffer()
    case 'resize':
      return await image.resize(Math.round(width * random.range(0.4, 0.8))).jpeg({ quality }).toBuffer()
    case 'crop': {
      const keep = random.range(0.82, 0.94)
      const w = Math.round(width * keep)
      const h = Math.round(height * keep)
      return await image.extract({ left: random.int(0, width - w), top: random.int(0, height - h), width: w, height: h }).jpeg({ quality }).toBuffer()
    }
    case 'brightness':
      return await image.linear(random.range(0.85, 1.2), random.pick([-1, 1]) * random.range(12, 32)).jpeg({ quality }).toBuffer()
    case 'colour':
      return await image.modulate({ saturation: random.pick([random.range(0.4, 0.7), random.range(1.3, 1.7)]), hue: Math.round(random.range(-18, 18)) }).jpeg({ quality }).toBuffer()
    case 'grey':
      return await image.greyscale().jpeg({ quality }).toBuffer()
    case 'mirror':
      return await image.flop().jpeg({ quality }).toBuffer()
    case 'rotate':
      return await image.rotate(random.pick([90, 180, 270])).jpeg({ quality }).toBuffer()
    case 'blur':
      return await image.blur(random.range(1.2, 3)).jpeg({ quality }).toBuffer()
    case 'stamp':
      return await image.composite([{ input: overlay(random.chance(0.5) ? dateStamp(random, width, height) : captionBar(random, width, height), width, height) }]).jpeg({ quality }).toBuffer()
    case 'border': {
      const edge = Math.round(Math.min(width, height) * random.range(0.02, 0.06))
      return await image.extend({ top: edge, bottom: edge, left: edge, right: edge, background: random.pick(['#ffffff', '#111111', '#f2ead8']) }).jpeg({ quality }).toBuffer()
    }
    case 'format':
      return format === 'jpeg' ? await image.png({ compressionLevel: 6 }).toBuffer() : await image.jpeg({ quality: 92 }).toBuffer()
  }
}
