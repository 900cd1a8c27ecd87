/**
 * What the models are worth, through the product's own pipeline (openImage, inputPixels, EmbeddingSession):
 *
 *   node models/train/evaluate.ts [--images DIR] [--every 7] [--models winnow-s,basic,mobilenet-v2-1280,mobilenet-v1-1024] [--json FILE]
 *
 * DIR holds class folders (default: the shared photos-101). Printed for each model: 1-nearest-neighbour accuracy with 15 training pictures a
 * class; and for edited copies of every n-th photograph, searched among all photographs: recall@1 for each edit; uAP (micro average
 * precision) over the pooled pairs of all queries; recall at a false-positive rate of 1e-6 of those pairs; milliseconds an image. Photographs
 * of copies-photos-101.json that are versions of the query's own (found with the shared teacher, looked at one by one) count as neither right
 * nor wrong: photos-101 holds some pictures twice.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp, { type Sharp } from 'sharp'
import { modelCard, type ModelCard } from '../../core/contract/models.ts'
import { openImage } from '../../core/images/openImage.ts'
import { inputPixels } from '../../core/models/preprocess.ts'
import { EmbeddingSession } from '../../core/models/session.ts'

const shared = process.env['WINNOW_SHARED'] ?? join(import.meta.dirname, '..', '..', '..', 'shared')
const { values: options } = parseArgs({ options: {
  images: { type: 'string', default: join(shared, 'data', 'photos-101') },
  every: { type: 'string', default: '7' },
  models: { type: 'string', default: 'winnow-s,basic,mobilenet-v2-1280,mobilenet-v1-1024' },
  json: { type: 'string' }
} })

const mobilenet = (id: string, dim: number): ModelCard => modelCard.parse({
  id, name: id, file: `${id}.onnx`, sha256: '0'.repeat(64), input: { name: 'input', width: 224, height: 224 }, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5],
  output: { name: 'embedding', dim }, licence: 'Apache-2.0', source: 'google-coral/test_data'
})

function find(id: string): { card: ModelCard; file: string } {
  const own = [id, join(import.meta.dirname, '..', id), join(import.meta.dirname, id)].find((folder) => existsSync(join(folder, 'card.json'))) ?? id
  if (existsSync(join(own, 'card.json'))) {
    const card = modelCard.parse(JSON.parse(readFileSync(join(own, 'card.json'), 'utf8')))
    return { card, file: join(own, card.file) }
  }
  return { card: mobilenet(id, Number(id.split('-').at(-1))), file: join(shared, 'models', `${id}.onnx`) }
}

/** Mulberry32: the same on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

interface Context { readonly width: number; readonly height: number; readonly random: () => number; readonly other: Buffer; readonly pixels: Buffer }
type Edit = (image: Sharp, context: Context) => Sharp | Promise<Sharp>

const raw = (pixels: Buffer | Uint8Array, width: number, height: number): Sharp => sharp(pixels, { raw: { width, height, channels: 3 } })

/** The picture's corners moved inwards by up to a fifth, the rest grey: a true projection, sampled bilinearly. */
function perspective({ pixels, width, height, random }: Context): Sharp {
  const at = (): number => random() * 0.2
  const corners = [[at(), at()], [1 - at(), at()], [1 - at(), 1 - at()], [at(), 1 - at()]] as [number, number][]
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = corners as [[number, number], [number, number], [number, number], [number, number]]
  // Heckbert: unit square to quadrilateral, then inverted.
  const dx1 = x1 - x2, dx2 = x3 - x2, dy1 = y1 - y2, dy2 = y3 - y2, sx = x0 - x1 + x2 - x3, sy = y0 - y1 + y2 - y3
  const det = dx1 * dy2 - dx2 * dy1
  const g = (sx * dy2 - dx2 * sy) / det, h = (dx1 * sy - sx * dy1) / det
  const a = x1 - x0 + g * x1, b = x3 - x0 + h * x3, c = x0, d = y1 - y0 + g * y1, e = y3 - y0 + h * y3, f = y0
  const inverse = [e - f * h, c * h - b, b * f - c * e, f * g - d, a - c * g, c * d - a * f, d * h - e * g, b * g - a * h, a * e - b * d] as const
  const out = Buffer.alloc(width * height * 3, 128)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const px = (x + 0.5) / width, py = (y + 0.5) / height
      const w = inverse[6] * px + inverse[7] * py + inverse[8]
      const u = ((inverse[0] * px + inverse[1] * py + inverse[2]) / w) * width - 0.5, v = ((inverse[3] * px + inverse[4] * py + inverse[5]) / w) * height - 0.5
      if (u < -0.5 || v < -0.5 || u > width - 0.5 || v > height - 0.5) continue
      const left = Math.max(0, Math.min(width - 2, Math.floor(u))), top = Math.max(0, Math.min(height - 2, Math.floor(v)))
      const fu = Math.max(0, Math.min(1, u - left)), fv = Math.max(0, Math.min(1, v - top))
      for (let k = 0; k < 3; k++) {
        const i = (top * width + left) * 3 + k
        const value = (pixels[i] as number) * (1 - fu) * (1 - fv) + (pixels[i + 3] as number) * fu * (1 - fv) +
          (pixels[i + width * 3] as number) * (1 - fu) * fv + (pixels[i + width * 3 + 3] as number) * fu * fv
        out[(y * width + x) * 3 + k] = Math.round(value)
      }
    }
  }
  return raw(out, width, height)
}

/** 5 x 7 letters, so that no font of the machine matters. */
const letters: Record<string, string> = {
  S: '01111100001000001110000010000111110', A: '01110100011000111111100011000110001', L: '10000100001000010000100001000011111', E: '11111100001000011110100001000011111',
  N: '10001110011010110011100011000110001', O: '01110100011000110001100011000101110', W: '10001100011000110101101011101110001', T: '11111001000010000100001000010000100'
}
function textOver(image: Sharp, { width, height, random }: Context): Sharp {
  const text = random() < 0.5 ? 'SALE NOW' : 'WINTER SALE'.replaceAll('I', 'L').replaceAll('R', 'O')
  const step = (width * 0.9) / (text.length * 6)
  const rects: string[] = []
  for (const [line, at] of [0.2, 0.65].entries()) {
    for (const [i, letter] of [...text].entries()) {
      for (const [bit, on] of [...(letters[letter] ?? '')].entries()) {
        if (on === '1') rects.push(`<rect x="${width * 0.05 + (i * 6 + (bit % 5)) * step}" y="${height * at + Math.floor(bit / 5) * step * 1.4}" width="${step}" height="${step * 1.4}" fill="${line ? 'yellow' : 'white'}" stroke="black" stroke-width="${step / 8}"/>`)
      }
    }
  }
  return image.composite([{ input: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${rects.join('')}</svg>`) }])
}

/** A phone's screen: a bar above, a line of grey text-like strokes and a bar of buttons below, the picture in between. */
async function screenshot(image: Sharp, { width, height, random }: Context): Promise<Sharp> {
  const side = Math.round(width * 0.06), top = Math.round(height * (0.12 + 0.08 * random())), bottom = Math.round(height * (0.2 + 0.15 * random()))
  const dark = random() < 0.5
  const w = width + 2 * side, h = height + top + bottom
  const ink = dark ? '#ddd' : '#333'
  const strokes = Array.from({ length: 8 }, (_, i) => `<rect x="${side + (i % 4) * (width / 4)}" y="${top + height + bottom * (i < 4 ? 0.2 : 0.5)}" width="${width / 5 * (0.5 + 0.5 * random())}" height="${bottom * 0.1}" fill="${ink}"/>`).join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}"><rect width="100%" height="100%" fill="${dark ? '#181818' : '#fafafa'}"/>
    <rect width="${w}" height="${top * 0.6}" fill="#3b5998"/><circle cx="${side * 2}" cy="${top * 0.3}" r="${top * 0.2}" fill="white"/>${strokes}</svg>`
  return sharp(Buffer.from(svg)).composite([{ input: await image.png().toBuffer(), left: side, top }])
}

interface NamedEdit { readonly name: string; readonly trained: boolean; readonly edit: Edit; readonly jpeg?: number }
const edits: readonly NamedEdit[] = [
  { name: 'crop to 36 %', trained: true, edit: (image, { width, height, random }) => image.extract({ left: Math.floor(random() * width * 0.4), top: Math.floor(random() * height * 0.4), width: Math.floor(width * 0.6), height: Math.floor(height * 0.6) }) },
  { name: '48 px, JPEG 15', trained: true, jpeg: 15, edit: (image, { width, height }) => image.resize(48, Math.max(16, Math.round((48 * height) / width))) },
  { name: 'turned 15 degrees', trained: true, edit: (image) => image.rotate(15, { background: '#808080' }) },
  { name: 'quarter turn', trained: true, edit: (image) => image.rotate(90) },
  { name: 'mirrored', trained: true, edit: (image) => image.flop() },
  { name: 'grey', trained: true, edit: (image) => image.greyscale().toColourspace('srgb') },
  { name: 'pasted picture', trained: true, edit: async (image, { width, height, random, other }) => image.composite([{ input: await sharp(other).resize(Math.floor(width * 0.45), Math.floor(height * 0.45), { fit: 'fill' }).png().toBuffer(), left: Math.floor(random() * width * 0.55), top: Math.floor(random() * height * 0.55) }]) },
  { name: 'blur, colour, darker', trained: true, edit: (image) => image.blur(2.5).modulate({ brightness: 0.7, saturation: 1.6 }) },
  { name: 'screenshot frame', trained: false, edit: screenshot },
  { name: 'perspective', trained: false, edit: (_, context) => perspective(context) },
  { name: 'posterised', trained: false, edit: (_, { pixels, width, height }) => raw(pixels.map((v) => Math.round(Math.round((v / 255) * 3) * 85)), width, height) },
  { name: 'text over it', trained: false, edit: textOver }
]

const photos: { className: string; path: string }[] = []
for (const className of readdirSync(options.images).sort()) {
  const folder = join(options.images, className)
  if (!statSync(folder).isDirectory()) continue
  for (const name of readdirSync(folder).sort()) photos.push({ className, path: join(folder, name) })
}
const versions = JSON.parse(readFileSync(join(import.meta.dirname, 'copies-photos-101.json'), 'utf8')) as string[][]
const groupOf = new Map(versions.flatMap((group, g) => group.map((name) => [name, g] as const)))
const groups = photos.map(({ path }) => groupOf.get(path.split(/[/\\]/).slice(-2).join('/')))
const models = await Promise.all(options.models.split(',').map(async (id) => {
  const { card, file } = find(id)
  const session = await EmbeddingSession.open({ card, file, providers: ['cpu'] })
  return { id, card, session, bytes: statSync(file).size, vectors: [] as Float32Array[], queries: new Map<string, Float32Array[]>(), best: Infinity }
}))

async function describe(model: (typeof models)[number], bytes: Buffer): Promise<Float32Array> {
  const input = model.session.input.batch(1)
  model.session.input.write(input, 0, await inputPixels(await openImage(bytes), model.card))
  const begun = performance.now()
  const vector = await model.session.embed(input, 1)
  model.best = Math.min(model.best, performance.now() - begun)
  return vector
}

for (const { path } of photos) {
  const bytes = readFileSync(path)
  for (const model of models) model.vectors.push(await describe(model, bytes))
}
const asked = photos.map((_, i) => i).filter((i) => i % Number(options.every) === 0)
for (const i of asked) {
  const upright = await (await openImage(readFileSync((photos[i] as { path: string }).path))).pipeline().raw().toBuffer({ resolveWithObject: true })
  const { width, height } = upright.info
  for (const { name, edit, jpeg } of edits) {
    const context: Context = { width, height, pixels: upright.data, random: randomFrom(i * 31 + name.length), other: readFileSync((photos[(i + 997) % photos.length] as { path: string }).path) }
    // Through PNG first, so that a second step (rotate, resize) of sharp's fixed order cannot reach into the edit.
    const edited = await edit(raw(upright.data, width, height), context)
    const bytes = await (jpeg ? edited.jpeg({ quality: jpeg }) : edited.removeAlpha().png()).toBuffer()
    for (const model of models) {
      const list = model.queries.get(name) ?? []
      list.push(await describe(model, bytes))
      model.queries.set(name, list)
    }
  }
}

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

function nearestNeighbour(vectors: readonly Float32Array[]): number {
  const classes = Map.groupBy(photos.map(({ className }, i) => ({ className, i })).filter(({ className }) => className !== 'BACKGROUND_Google'), ({ className }) => className)
  let right = 0
  let tests = 0
  for (let seed = 1; seed <= 5; seed++) {
    const random = randomFrom(seed)
    const train: { className: string; i: number }[] = []
    const test: { className: string; i: number }[] = []
    for (const members of classes.values()) {
      const shuffled = members.map((photo) => ({ photo, key: random() })).sort((a, b) => a.key - b.key).map(({ photo }) => photo)
      train.push(...shuffled.slice(0, 15))
      test.push(...shuffled.slice(15, 20))
    }
    for (const { className, i } of test) {
      let best = ''
      let most = -Infinity
      for (const other of train) {
        const similarity = cosine(vectors[i] as Float32Array, vectors[other.i] as Float32Array)
        if (similarity > most) [most, best] = [similarity, other.className]
      }
      if (best === className) right++
      tests++
    }
  }
  return right / tests
}

interface Retrieval { readonly recall: number; readonly uap: number; readonly atRate: number }
/** Over the pairs (query, photograph) of some edits: all pooled and ranked by their cosine. */
function retrieval(model: (typeof models)[number], names: readonly string[]): Retrieval {
  const total = names.length * asked.length
  const negatives = new Float32Array(total * (photos.length - 1))
  const positives = new Float32Array(total)
  let n = 0, p = 0, first = 0
  for (const name of names) {
    for (const [q, i] of asked.entries()) {
      const query = (model.queries.get(name) as Float32Array[])[q] as Float32Array
      let best = -Infinity
      let own = 0
      for (const [j, vector] of model.vectors.entries()) {
        const similarity = cosine(query, vector)
        if (j === i) own = similarity
        else if (groups[i] === undefined || groups[i] !== groups[j]) {
          negatives[n++] = similarity
          best = Math.max(best, similarity)
        }
      }
      positives[p++] = own
      if (own > best) first++
    }
  }
  positives.sort().reverse()
  const ranked = negatives.subarray(0, n).sort()
  ranked.reverse()
  let uap = 0
  let above = 0
  for (const [k, own] of positives.entries()) {
    while (above < ranked.length && (ranked[above] as number) >= own) above++
    uap += (k + 1) / (k + 1 + above) / total
  }
  const level = ranked[Math.floor(ranked.length * 1e-6)] as number
  return { recall: first / total, uap, atRate: positives.filter((own) => own > level).length / total }
}

const trained = edits.filter((edit) => edit.trained).map(({ name }) => name)
const untrained = edits.filter((edit) => !edit.trained).map(({ name }) => name)
const all = [...trained, ...untrained]
const rows: [string, (model: (typeof models)[number]) => string][] = [
  ['size MB', ({ bytes }) => (bytes / 1e6).toFixed(1)],
  ['ms an image, one thread (least seen)', ({ best }) => best.toFixed(1)],
  ['1-NN, 15 a class', ({ vectors }) => nearestNeighbour(vectors).toFixed(3)],
  ...all.map((name): [string, (model: (typeof models)[number]) => string] => [`recall@1: ${name}${untrained.includes(name) ? ' *' : ''}`, (model) => retrieval(model, [name]).recall.toFixed(3)]),
  ...([['trained', trained], ['untrained *', untrained], ['all 12', all]] as const).flatMap(([label, names]): [string, (model: (typeof models)[number]) => string][] => {
    const known = new Map<string, Retrieval>()
    const of = (model: (typeof models)[number]): Retrieval => known.get(model.id) ?? known.set(model.id, retrieval(model, names)).get(model.id) as Retrieval
    return [[`recall@1, ${label}`, (m) => of(m).recall.toFixed(3)], [`uAP, ${label}`, (m) => of(m).uap.toFixed(3)], [`recall at FPR 1e-6, ${label}`, (m) => of(m).atRate.toFixed(3)]]
  })
]
console.log(`${photos.length} photographs; copies of ${asked.length} under ${edits.length} edits (* never trained on)\n`)
console.log(`| | ${models.map(({ id }) => id).join(' | ')} |\n| --- |${' --- |'.repeat(models.length)}`)
const table: Record<string, Record<string, string>> = {}
for (const [label, value] of rows) {
  const cells = models.map((model) => value(model))
  table[label] = Object.fromEntries(models.map(({ id }, i) => [id, cells[i] as string]))
  console.log(`| ${label} | ${cells.join(' | ')} |`)
}
if (options.json) writeFileSync(options.json, `${JSON.stringify(table, null, 2)}\n`)
for (const { session } of models) await session.close()
