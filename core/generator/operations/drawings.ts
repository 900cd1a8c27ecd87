/** Edits that draw something over or around the picture. */
import { z } from 'zod'
import { type Size, followedBy, scaling, translation } from '../homography.ts'
import { between, drawColour, hex, operation, rgb, rounded } from '../operation.ts'
import { drawnOver, resized, fromSharp, svg, toSharp } from '../raster.ts'
import { emojiNames, emojiShapes } from '../emojiShapes.ts'
import { phrases, textElement, textSize } from '../strokeFont.ts'
import sharp from 'sharp'

export const text = operation({
  about: 'One to two lines of capitals (drawn strokes, no font), 4 to 8 % of the height (hard: two to four lines, 6 to 16 %), often outlined, slightly turned.',
  params: z.object({ lines: z.array(z.object({ text: z.string(), x: z.number(), y: z.number(), height: z.number().gt(0), colour: rgb, outline: z.boolean(), opacity: z.number().min(0).max(1), degrees: z.number() })).min(1) }),
  draw: (random, size, strength) => ({
    lines: Array.from({ length: strength === 'hard' ? random.int(2, 4) : random.int(1, 2) }, () => {
      const words = random.pick(phrases)
      const wanted = size.height * between(random, strength, [0.04, 0.08], [0.06, 0.16])
      const units = textSize(words)
      const height = rounded(Math.max(2, Math.min(wanted, (size.width * 0.9 * units.height) / units.width)))
      const width = (height * units.width) / units.height
      return {
        text: words, height, x: rounded(random.range(0, Math.max(0.01, size.width - width))), y: rounded(random.range(0, Math.max(0.01, size.height - height))),
        colour: drawColour(random), outline: random.chance(0.5), opacity: rounded(random.range(0.75, 1)), degrees: random.chance(0.7) ? 0 : rounded(random.range(-25, 25))
      }
    })
  }),
  apply: async (image, { lines }) => await drawnOver(image, lines.map((line) => {
    const at = { x: line.x, y: line.y, height: line.height, opacity: line.opacity }
    const dark = line.colour[0] + line.colour[1] + line.colour[2] < 384
    const outline = line.outline ? textElement(line.text, { ...at, colour: dark ? '#ffffff' : '#000000', weight: 1.8 }) : ''
    return `<g transform="rotate(${line.degrees} ${line.x} ${line.y})">${outline}${textElement(line.text, { ...at, colour: hex(line.colour) })}</g>`
  }).join(''))
})

export const emoji = operation({
  about: 'One or two drawn faces or signs, 8 to 18 % of the shorter side (hard: one to five, 15 to 45 %).',
  params: z.object({ shapes: z.array(z.object({ shape: z.enum(emojiNames), x: z.number(), y: z.number(), size: z.number().gt(0), degrees: z.number(), opacity: z.number().min(0).max(1) })).min(1) }),
  draw: (random, size, strength) => ({
    shapes: Array.from({ length: strength === 'hard' ? random.int(1, 5) : random.int(1, 2) }, () => {
      const side = rounded(Math.max(3, Math.min(size.width, size.height) * between(random, strength, [0.08, 0.18], [0.15, 0.45])))
      return {
        shape: random.pick(emojiNames), size: side, x: rounded(random.range(-side * 0.1, size.width - side * 0.9)), y: rounded(random.range(-side * 0.1, size.height - side * 0.9)),
        degrees: rounded(random.range(-30, 30)), opacity: rounded(random.range(0.8, 1))
      }
    })
  }),
  apply: async (image, { shapes }) => await drawnOver(image, shapes.map(({ shape, x, y, size, degrees, opacity }) =>
    `<g transform="translate(${x} ${y}) rotate(${degrees} ${size / 2} ${size / 2}) scale(${size / 100})" opacity="${opacity}">${emojiShapes[shape]}</g>`).join(''))
})

interface Screen {
  readonly width: number
  readonly dark: boolean
  readonly top: number
  readonly bottom: number
  readonly margin: number
  readonly user: string
  readonly caption: string
}

/** Where the picture lies in a screenshot. */
const placeOf = ({ width, top, bottom, margin }: Screen, picture: Size): { inner: Size; whole: Size; left: number } => {
  const inner = { width: width - margin * 2, height: Math.max(1, Math.round(((width - margin * 2) * picture.height) / picture.width)) }
  return { inner, whole: { width, height: top + inner.height + bottom }, left: margin }
}

export const screenshot = operation({
  about: 'A post on a phone: status line, name, the picture 320 to 720 pixels wide, signs and a caption below.',
  params: z.object({ width: z.int().min(64), dark: z.boolean(), top: z.int().min(0), bottom: z.int().min(0), margin: z.int().min(0), user: z.string(), caption: z.string() }),
  draw: (random) => {
    const width = random.int(320, 720)
    return {
      width, dark: random.chance(0.4), top: Math.round(width * random.range(0.14, 0.24)), bottom: Math.round(width * random.range(0.16, 0.4)), margin: random.chance(0.6) ? 0 : Math.round(width * random.range(0.01, 0.05)),
      user: random.pick(['ANNA K', 'DAILY.PICS', 'THE REAL TOM', 'LENA', 'NEWS 24', 'FUNNY CATS', 'J. MILLER']), caption: random.pick(phrases)
    }
  },
  apply: async (image, screen) => {
    const { inner, whole, left } = placeOf(screen, image)
    const picture = await resized(image, inner, 'lanczos3')
    const [paper, ink, faint] = screen.dark ? ['#101114', '#f2f2f2', '#7a7d84'] : ['#ffffff', '#15171a', '#9aa0a6']
    const { width, top } = screen
    const unit = width / 100
    const below = top + inner.height
    const body = [
      `<rect width="${width}" height="${whole.height}" fill="${paper}"/>`,
      textElement('9:41', { x: unit * 3, y: unit * 2, height: unit * 2.6, colour: ink }),
      `<rect x="${unit * 88}" y="${unit * 1.8}" width="${unit * 8}" height="${unit * 3.2}" rx="${unit}" fill="none" stroke="${ink}" stroke-width="${unit * 0.4}"/><rect x="${unit * 88.8}" y="${unit * 2.6}" width="${unit * 5}" height="${unit * 1.6}" fill="${ink}"/>`,
      `<circle cx="${unit * 7}" cy="${top - unit * 5}" r="${unit * 3.6}" fill="#c86496"/>`,
      textElement(screen.user, { x: unit * 13, y: top - unit * 7, height: unit * 2.4, colour: ink }),
      textElement('2 H', { x: unit * 13, y: top - unit * 3.4, height: unit * 1.6, colour: faint }),
      `<path transform="translate(${unit * 3} ${below + unit * 2}) scale(${unit * 0.06})" d="M50 88C8 58 4 34 14 20C26 4 46 10 50 28C54 10 74 4 86 20C96 34 92 58 50 88Z" fill="none" stroke="${ink}" stroke-width="8"/>`,
      `<path transform="translate(${unit * 12} ${below + unit * 2}) scale(${unit * 0.06})" d="M10 50A40 38 0 1 1 34 84L12 92L18 72A40 38 0 0 1 10 50Z" fill="none" stroke="${ink}" stroke-width="8"/>`,
      textElement(screen.caption, { x: unit * 3, y: below + unit * 10.5, height: unit * 2.2, colour: ink })
    ]
    return await fromSharp(sharp(svg(whole, body.join(''))).composite([{ input: await toSharp(picture).png({ compressionLevel: 1 }).toBuffer(), left, top }]))
  },
  homography: (screen, size) => {
    const { inner, left } = placeOf(screen, size)
    return followedBy(scaling(inner.width / size.width, inner.height / size.height), translation(left, screen.top))
  }
})
