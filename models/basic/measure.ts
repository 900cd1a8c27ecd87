/**
 * What the basic model is worth, on real photographs: `node models/basic/measure.ts [folder of class folders]` (default: the shared photos-101).
 * Prints the 1-nearest-neighbour accuracy with 15 training images a class, and the cosines of edited copies beside those of unrelated
 * pictures, from which the near-duplicate threshold and floor in the card were taken.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { modelCard } from '../../core/contract/models.ts'
import { openImage } from '../../core/images/openImage.ts'
import { inputPixels } from '../../core/models/preprocess.ts'
import { EmbeddingSession } from '../../core/models/session.ts'

const folder = process.argv[2] ?? join(process.env['WINNOW_SHARED'] ?? '../shared', 'data', 'photos-101')
const card = modelCard.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'card.json'), 'utf8')))
const session = await EmbeddingSession.open({ card, file: join(import.meta.dirname, card.file), providers: ['cpu'] })
const { dim } = card.output
const input = session.input.batch(1)

async function describe(bytes: Buffer): Promise<Float32Array> {
  session.input.write(input, 0, await inputPixels(await openImage(bytes), card))
  return await session.embed(input, 1)
}

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < dim; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

/** Mulberry32: the same split on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

interface Photo { readonly className: string; readonly path: string; readonly vector: Float32Array }
const photos: Photo[] = []
for (const className of readdirSync(folder).sort()) {
  for (const name of readdirSync(join(folder, className)).sort()) {
    const path = join(folder, className, name)
    photos.push({ className, path, vector: await describe(readFileSync(path)) })
  }
}
const classes = Map.groupBy(photos.filter(({ className }) => className !== 'BACKGROUND_Google'), ({ className }) => className)
console.log(`${photos.length} photographs, ${classes.size} classes, ${dim} dimensions`)

const accuracies = [1, 2, 3, 4, 5].map((seed) => {
  const random = randomFrom(seed)
  const train: Photo[] = []
  const test: Photo[] = []
  for (const members of classes.values()) {
    const shuffled = members.map((photo) => ({ photo, key: random() })).sort((a, b) => a.key - b.key).map(({ photo }) => photo)
    train.push(...shuffled.slice(0, 15))
    test.push(...shuffled.slice(15, 20))
  }
  const right = test.filter(({ vector, className }) => {
    let best = train[0] as Photo
    let most = -Infinity
    for (const other of train) {
      const similarity = cosine(vector, other.vector)
      if (similarity > most) [most, best] = [similarity, other]
    }
    return best.className === className
  })
  return right.length / test.length
})
console.log(`1-NN accuracy, 15 training images a class, 5 splits: ${accuracies.map((a) => a.toFixed(3)).join(' ')}; mean ${(accuracies.reduce((a, b) => a + b) / accuracies.length).toFixed(3)}`)

type Edit = (image: Sharp, width: number, height: number) => Sharp
const cropTo = (kept: number): Edit => (image, width, height) =>
  image.extract({ left: Math.round((width * (1 - kept)) / 2), top: Math.round((height * (1 - kept)) / 2), width: Math.round(width * kept), height: Math.round(height * kept) })
const edits: Record<string, Edit> = {
  'JPEG quality 30': (image) => image.jpeg({ quality: 30 }),
  'half the size': (image, width, height) => image.resize(Math.ceil(width / 2), Math.ceil(height / 2)),
  'brighter by 20 %': (image) => image.modulate({ brightness: 1.2 }),
  'darker by 25 %': (image) => image.modulate({ brightness: 0.75 }),
  'more contrast': (image) => image.linear(1.25, -32),
  'blurred': (image) => image.blur(1.5),
  'sharpened': (image) => image.sharpen({ sigma: 1.5 }),
  'saturated': (image) => image.modulate({ saturation: 1.4 }),
  'grey': (image) => image.greyscale(),
  'cropped to 95 %': cropTo(0.95),
  'cropped to 90 %': cropTo(0.9),
  'cropped to 80 %': cropTo(0.8),
  'turned by 3 degrees': (image) => image.rotate(3, { background: '#808080' })
}
const sample = photos.filter((_, i) => i % 14 === 0)
const { threshold = 0, floor = 0 } = card.nearDuplicate ?? {}
console.log(`\ncosine of ${sample.length} photographs to their edited copies\n${'edit'.padEnd(22)}least     5 %    median   above ${threshold}`)
for (const [name, edit] of Object.entries(edits)) {
  const found: number[] = []
  for (const { path, vector } of sample) {
    const { data, info } = await (await openImage(readFileSync(path))).pipeline().png().toBuffer({ resolveWithObject: true })
    const edited = edit(sharp(data), info.width, info.height)
    found.push(cosine(vector, await describe(await (name.startsWith('JPEG') ? edited : edited.png()).toBuffer())))
  }
  found.sort((a, b) => a - b)
  const at = (share: number): string => (found[Math.floor(share * (found.length - 1))] as number).toFixed(3).padEnd(9)
  console.log(`${name.padEnd(22)}${at(0)} ${at(0.05)}${at(0.5)}${Math.round((100 * found.filter((x) => x > threshold).length) / found.length)} %`)
}

const cosines = new Float64Array(photos.length * photos.length)
let pairs = 0
for (const [i, a] of photos.entries()) {
  for (let j = i + 1; j < photos.length; j++) {
    const b = photos[j] as Photo
    if (a.className !== b.className) cosines[pairs++] = cosine(a.vector, b.vector)
  }
}
const unrelated = cosines.subarray(0, pairs).sort()
const quantile = (share: number): string => (unrelated[Math.floor(share * (pairs - 1))] as number).toFixed(3)
console.log(`\n${pairs} pairs of different classes: median ${quantile(0.5)}, 99 % ${quantile(0.99)}, 99.9 % ${quantile(0.999)}, most ${quantile(1)}`)
for (const level of [floor, 0.85, 0.9, threshold, 0.95]) console.log(`  above ${level}: ${unrelated.filter((x) => x > level).length}`)
