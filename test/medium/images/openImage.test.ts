import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { Budget } from '../../../core/images/budget.ts'
import { DecodeFailure } from '../../../core/images/decodeFailure.ts'
import { contentHash, measureBytes } from '../../../core/images/measureFile.ts'
import { openImage } from '../../../core/images/openImage.ts'

const data = join(process.env.WINNOW_SHARED ?? '../shared', 'data')
const missing = !existsSync(data)
const shared = (path: string): Buffer => readFileSync(join(data, path))
const measure = async (bytes: Buffer) => await measureBytes(bytes, { svg: false, pixels: new Budget(1e9) })

/** A picture of four coloured quarters: every orientation and colour mistake shows. */
const quarters = async (width = 64, height = 48): Promise<Buffer> => {
  const corner = async (colour: string) => await sharp({ create: { width: width / 2, height: height / 2, channels: 3, background: colour } }).png().toBuffer()
  return await sharp({ create: { width, height, channels: 3, background: '#000' } })
    .composite([
      { input: await corner('#ff0000'), left: 0, top: 0 },
      { input: await corner('#00ff00'), left: width / 2, top: 0 },
      { input: await corner('#0000ff'), left: 0, top: height / 2 },
      { input: await corner('#ffffff'), left: width / 2, top: height / 2 }
    ])
    .removeAlpha()
    .png()
    .toBuffer()
}

const failureOf = async (act: () => Promise<unknown>): Promise<string> => {
  try {
    await act()
    return 'none'
  } catch (error) {
    if (error instanceof DecodeFailure) return error.failure
    throw error
  }
}
const readAll = async (bytes: Buffer, options = {}): Promise<unknown> => await (await openImage(bytes, options)).rgb()
const at = (rgb: { data: Buffer; width: number }, x: number, y: number): number[] => [...rgb.data.subarray((y * rgb.width + x) * 3, (y * rgb.width + x) * 3 + 3)]
const near = (a: number[], b: number[], slack = 6): boolean => a.every((value, i) => Math.abs(value - (b[i] as number)) <= slack)

describe('every format becomes upright 8-bit sRGB', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)('%s', async (format) => {
    const bytes = await sharp(await quarters()).toFormat(format, { quality: 100, ...(format === 'jpeg' || format === 'avif' ? { chromaSubsampling: '4:4:4' } : {}) }).toBuffer()
    const image = await openImage(bytes)
    expect([image.format, image.width, image.height]).toEqual([format, 64, 48])
    const rgb = await image.rgb()
    expect(rgb.data).toHaveLength(64 * 48 * 3)
    expect([near(at(rgb, 4, 4), [255, 0, 0], 12), near(at(rgb, 60, 4), [0, 255, 0], 12), near(at(rgb, 4, 44), [0, 0, 255], 12)]).toEqual([true, true, true])
  })

  test('16-bit, grey, grey with alpha, palette, CMYK', async () => {
    const source = sharp(await quarters())
    const cases = {
      deep: await source.clone().toColourspace('rgb16').png().toBuffer(),
      grey: await source.clone().toColourspace('b-w').png().toBuffer(),
      palette: await source.clone().png({ palette: true }).toBuffer(),
      cmyk: await source.clone().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(),
      greyAlpha: await sharp(await source.clone().toColourspace('b-w').png().toBuffer()).ensureAlpha(0.5).toColourspace('b-w').png().toBuffer()
    }
    const found = Object.fromEntries(await Promise.all(Object.entries(cases).map(async ([name, bytes]) => {
      const image = await openImage(bytes)
      return [name, { colour: image.colour, depth: image.depth, alpha: image.hasAlpha, length: (await image.rgb()).data.length }] as const
    })))
    const length = 64 * 48 * 3
    expect(found).toMatchObject({
      deep: { colour: 'rgb', depth: 16, alpha: false, length },
      grey: { colour: 'grey', depth: 8, length },
      palette: { colour: 'palette', length },
      cmyk: { colour: 'cmyk', depth: 8, length },
      greyAlpha: { colour: 'grey', alpha: true, length }
    })
    expect(near(at(await (await openImage(cases.deep)).rgb(), 4, 4), [255, 0, 0])).toBe(true)
  })

  test('transparency lies on white', async () => {
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } }).png().toBuffer()
    expect(at(await (await openImage(bytes)).rgb(), 3, 3)).toEqual([255, 255, 255])
    const half = await sharp({ create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } } }).png().toBuffer()
    expect(near(at(await (await openImage(half)).rgb(), 3, 3), [127, 127, 127], 2)).toBe(true)
  })

  test('the first frame of an animation', async () => {
    const frames = await Promise.all(['#ff0000', '#0000ff'].map(async (background) => await sharp({ create: { width: 20, height: 10, channels: 3, background } }).png().toBuffer()))
    for (const format of ['gif', 'webp'] as const) {
      const bytes = await sharp(frames, { join: { animated: true } }).toFormat(format, { lossless: true } as object).toBuffer()
      const image = await openImage(bytes)
      const rgb = await image.rgb()
      expect([rgb.width, rgb.height]).toEqual([20, 10])
      expect(near(at(rgb, 5, 5), [255, 0, 0])).toBe(true)
    }
  })

  test('the EXIF orientation is applied, once, in every one of its eight values', async () => {
    const upright = await (await openImage(await quarters())).rgb()
    const back = [[], ['flop'], ['flip', 'flop'], ['flip'], ['flip', 90], [270], ['flip', 270], [90]] as const
    for (let orientation = 1; orientation <= 8; orientation++) {
      let turned = sharp(await quarters())
      for (const step of back[orientation - 1] as readonly (string | number)[]) {
        if (step === 'flop') turned = turned.flop()
        else if (step === 'flip') turned = turned.flip()
        else turned = sharp(await turned.png().toBuffer()).rotate(step as number)
      }
      const bytes = await turned.withMetadata({ orientation }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
      const image = await openImage(bytes)
      const rgb = await image.rgb()
      expect([orientation, image.orientation, image.width, image.height, rgb.width, rgb.height]).toEqual([orientation, orientation, 64, 48, 64, 48])
      for (const [x, y] of [[4, 4], [60, 4], [4, 44], [60, 44]] as const) expect([orientation, x, y, near(at(rgb, x, y), at(upright, x, y), 12)]).toEqual([orientation, x, y, true])
    }
  })

  test('a pipeline gives what rgb() gives, ready for a resize', async () => {
    const image = await openImage(await quarters())
    const { data: pixels, info } = await image.pipeline().resize(16, 12, { fit: 'fill' }).raw().toBuffer({ resolveWithObject: true })
    expect([info.channels, pixels.length]).toEqual([3, 16 * 12 * 3])
  })
})

describe('files that are no usable pictures end as a typed failure', () => {
  test('empty, text, unsupported, svg unless switched on', async () => {
    expect(await failureOf(() => readAll(Buffer.alloc(0)))).toBe('empty')
    expect(await failureOf(() => readAll(Buffer.from('this is not an image')))).toBe('not-an-image')
    expect(await failureOf(() => readAll(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')))).toBe('unsupported')
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30" fill="#f00"/></svg>')
    expect(await failureOf(() => readAll(svg))).toBe('unsupported')
    const drawn = await (await openImage(svg, { svg: true })).rgb()
    expect([drawn.width, drawn.height, at(drawn, 5, 5)]).toEqual([40, 30, [255, 0, 0]])
  })

  test.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)('%s cut in the middle is truncated', async (format) => {
    const noise = await sharp({ create: { width: 200, height: 150, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } } }).toFormat(format).toBuffer()
    expect(await failureOf(() => readAll(noise.subarray(0, Math.floor(noise.length * 0.6))))).toBe('truncated')
    expect(await failureOf(() => readAll(noise))).toBe('none')
  })

  test('damaged bytes are corrupt', async () => {
    const noise = await sharp({ create: { width: 200, height: 150, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } } }).png().toBuffer()
    const broken = Buffer.from(noise)
    for (let i = 0; i < 60; i++) broken[200 + i * 3] = (broken[200 + i * 3] as number) ^ 0x5a
    expect(await failureOf(() => readAll(broken))).toBe('corrupt')
  })

  test('a bomb of 60,000 x 60,000 pixels is refused by its header', async () => {
    const png = Buffer.from(await sharp({ create: { width: 4, height: 4, channels: 3, background: '#fff' } }).png().toBuffer())
    png.writeUInt32BE(60_000, 16)
    png.writeUInt32BE(60_000, 20)
    expect(await failureOf(() => openImage(png))).toBe('too-large')
    const jpeg = Buffer.from(await sharp({ create: { width: 16, height: 16, channels: 3, background: '#fff' } }).jpeg().toBuffer())
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
    jpeg.writeUInt16BE(60_000, frame + 5)
    jpeg.writeUInt16BE(60_000, frame + 7)
    expect(await failureOf(() => openImage(jpeg))).toBe('too-large')
    expect(await failureOf(() => openImage(Buffer.from('P6 60000 60000 255\n')))).toBe('too-large')
    const small = await quarters()
    expect(await failureOf(() => openImage(small, { maxPixels: 64 * 48 - 1 }))).toBe('too-large')
    expect(await failureOf(() => openImage(small, { maxPixels: 64 * 48 }))).toBe('none')
  })
})

describe('measures', () => {
  test('the content hash is what sha256sum prints', () => {
    expect(Buffer.from(contentHash(Buffer.from('abc'))).toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  test('the same pixels in another format have the same pixel hash; other pixels have not', async () => {
    const source = await quarters()
    const tiff = await sharp(source).tiff({ compression: 'lzw' }).toBuffer()
    const [a, b, c] = await Promise.all([measure(source), measure(tiff), measure(await sharp(source).jpeg().toBuffer())])
    expect(Buffer.compare(a.facts.pixelHash, b.facts.pixelHash)).toBe(0)
    expect(Buffer.compare(a.facts.pixelHash, c.facts.pixelHash)).not.toBe(0)
  })

  test('exposure, contrast, entropy and sharpness say what the eye says', async () => {
    const flat = await measure(await sharp({ create: { width: 300, height: 300, channels: 3, background: '#fff' } }).png().toBuffer())
    expect(flat.facts).toMatchObject({ exposure: 1, contrast: 0, entropy: 0, sharpness: 0, compression: 0 })
    const noise = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } } }).png().toBuffer()
    const [crisp, soft] = await Promise.all([measure(noise), measure(await sharp(noise).blur(3).png().toBuffer())])
    expect(crisp.facts.sharpness).toBeGreaterThan(soft.facts.sharpness * 3)
    expect(crisp.facts.contrast).toBeGreaterThan(soft.facts.contrast)
  })

  test('the thumbnail has a longest side of 256, and a small picture is not enlarged', async () => {
    const wide = await measure(await sharp({ create: { width: 1000, height: 100, channels: 3, background: '#345' } }).png().toBuffer())
    expect([wide.thumb.width, wide.thumb.height]).toEqual([256, 26])
    expect((await sharp(wide.thumb.bytes).metadata()).width).toBe(256)
    const small = await measure(await quarters())
    expect([small.thumb.width, small.thumb.height]).toEqual([64, 48])
  })

  test.skipIf(missing)('edited copies stay close by perceptual hash, other pictures do not (needs shared/data)', async () => {
    const hashes = new Map(await Promise.all(['ukbench/ukbench00120.jpg', 'ukbench/ukbench00120_hflip.jpg', 'ukbench/ukbench00120_resize.jpg', 'ukbench/ukbench00120_gray.jpg', 'ukbench/ukbench09268.jpg', 'bridge/aaa-orig.jpg', 'bridge/blur-a-lot.jpg', 'bridge/square-128x128.jpg']
      .map(async (path) => [path.slice(path.indexOf('/') + 1), Buffer.from((await measure(shared(`edits/${path}`))).facts.phash)] as const)))
    const distance = (a: string, b: string): number => Math.min(...Array.from({ length: 8 }, (_, k) => {
      const one = hashes.get(a)?.subarray(0, 8) as Buffer
      const other = hashes.get(b)?.subarray(k * 8, k * 8 + 8) as Buffer
      return one.reduce((sum, byte, i) => sum + (byte ^ (other[i] as number)).toString(2).replaceAll('0', '').length, 0)
    }))
    for (const copy of ['hflip', 'resize', 'gray']) expect([copy, distance('ukbench00120.jpg', `ukbench00120_${copy}.jpg`) <= 6]).toEqual([copy, true])
    expect(distance('aaa-orig.jpg', 'blur-a-lot.jpg')).toBeLessThanOrEqual(4)
    expect(distance('aaa-orig.jpg', 'square-128x128.jpg')).toBeLessThanOrEqual(4)
    expect(distance('aaa-orig.jpg', 'ukbench00120.jpg')).toBeGreaterThan(14)
    expect(distance('ukbench09268.jpg', 'ukbench00120.jpg')).toBeGreaterThan(14)
  })

  test.skipIf(missing)('blocks of a JPEG still show after it was saved as PNG; heavier compression counts as more damage (needs shared/data)', async () => {
    const clean = await sharp(shared('formats/u.jpg')).resize(800).png().toBuffer()
    const damage = await Promise.all([95, 75, 30].map(async (quality) => {
      const jpeg = await sharp(clean).jpeg({ quality }).toBuffer()
      const [direct, laundered] = await Promise.all([measure(jpeg), measure(await sharp(jpeg).png().toBuffer())])
      return { direct: direct.facts.compression, laundered: laundered.facts.compression }
    }))
    const [best, good, bad] = damage.map(({ direct }) => direct) as [number, number, number]
    expect(best).toBeCloseTo(0.05, 1)
    expect(good).toBeGreaterThan(best)
    expect(bad).toBeGreaterThan(good)
    expect((await measure(clean)).facts.compression).toBe(0)
    expect(damage[2]?.laundered).toBeGreaterThan(0.5)
  })

  test.skipIf(missing)('all formats of the test data, and the orientation flag of a real camera (needs shared/data)', async () => {
    const names = ['Iggy.1024.ppm', 'baboon.pgm', 'marbles.pbm', 'copyleft.tiff', 'file.gif', 'file.png', 'file.tiff', 'giphy.gif', 'alpha_channel_image.png', 'u.jpg', 'ukbench09380.bmp', 'ukbench09380.jpeg', 'ukbench09380.png', 'ukbench09380.svg', 'ukbench09380.webp']
    const formats = await Promise.all(names.map(async (name) => (await measure(shared(`formats/${name}`))).facts.format))
    expect(formats).toEqual(['pnm', 'pnm', 'pnm', 'tiff', 'gif', 'png', 'tiff', 'gif', 'png', 'jpeg', 'jpeg', 'jpeg', 'jpeg', 'jpeg', 'webp'])
    expect(await failureOf(() => measure(shared('formats/not_image.jpg')))).toBe('not-an-image')
    expect(await failureOf(() => measure(shared('edits/ukbench/ukbench09268_corrupt.jpg')))).toBe('not-an-image')
    const turned = await measure(shared('edits/exif-orientation/exif-rotn-6.jpg'))
    expect([turned.facts.orientation, turned.facts.width, turned.facts.height]).toEqual([6, 3024, 4032])
    expect(turned.thumb.height).toBe(256)
  })
})
