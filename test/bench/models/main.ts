/**
 * npm run bench:models [-- --models a,b --images DIR --every N --size N]: what descriptor models are worth, through the product's own pipeline. Writes
 * test/bench/results/models.json and the table of docs/benchmarks.md, which says what the numbers mean; only where nothing was asked for that makes it another measurement.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { OnnxBlas } from '../../../core/search/onnxBlas.ts'
import { thisMachine } from '../machine.ts'
import { writeBetween } from '../table.ts'
import { aimsOf } from './aims.ts'
import { describeAll } from './describing.ts'
import { measure } from './measures.ts'
import { defaultModels, findModels } from './modelsMeasured.ts'
import { photosOf } from './photoSet.ts'
import { type ModelReport, type Report, reportText } from './report.ts'
import { measureSpeeds } from './speed.ts'

const root = join(import.meta.dirname, '..', '..', '..')
/** Copies are made of about so many photos: a run with four models then takes some minutes on two cores. */
const wantedQueries = 690
const fewestPhotos = 2

const { values } = parseArgs({ options: { images: { type: 'string' }, models: { type: 'string' }, every: { type: 'string' }, size: { type: 'string' }, help: { type: 'boolean' } } })
if (values.help) {
  console.log('npm run bench:models [-- --models winnow-s,basic,phash,/tmp/trial] [--images DIR] [--every N] [--size N]')
  process.exit(0)
}
const shared = process.env['WINNOW_SHARED'] ?? join(root, '..', 'shared')
const images = values.images ?? join(shared, 'data', 'photos-101')
const photos = existsSync(images) ? photosOf(images) : []
if (photos.length < fewestPhotos) stop(`There are no photos at ${images}. Give a folder of them: npm run bench:models -- --images DIR`)
const every = whole('every', values.every) ?? Math.max(1, Math.floor(photos.length / wantedQueries))
const size = whole('size', values.size)
const subjects = await findModels(values.models?.split(',') ?? defaultModels(shared), { shared, size }).catch((error: Error) => stop(error.message))

process.stderr.write(`${photos.length} photos, copies of every ${every === 1 ? 'one' : `${every}th`}; ${subjects.map(({ id }) => id).join(', ')}\n`)
const speeds = await measureSpeeds(subjects, photos)
const descriptions = await describeAll(photos, subjects, every)
if (descriptions.asked === 0) stop('None of the photos that copies were to be made of can be opened.')
const blas = await OnnxBlas.open()
const models: ModelReport[] = []
for (const [s, subject] of subjects.entries()) {
  process.stderr.write(`  measuring ${subject.id}\n`)
  const described = descriptions.bySubject[s] as (typeof descriptions.bySubject)[number]
  const { id, isShared, isOurs, model, bytes } = subject
  models.push({
    id, isShared, isOurs, input: model && `${model.card.input.width} x ${model.card.input.height}`, megabytes: model && bytes / 1e6,
    speed: speeds[s] as (typeof speeds)[number], ...(await measure(subject, described, descriptions, blas))
  })
}
await blas.close()
const report: Report = { at: new Date().toISOString(), machine: thisMachine(), photos: descriptions.photos.length, asked: descriptions.asked, models, aims: aimsOf(models) }
console.log(reportText(report))

const asked = (['images', 'models', 'every', 'size'] as const).filter((option) => values[option] !== undefined)
if (asked.length > 0) {
  process.stderr.write(`Nothing was written: with ${asked.map((option) => `--${option}`).join(' and ')} this is not the measurement of docs/benchmarks.md.\n`)
} else {
  const results = join(root, 'test', 'bench', 'results')
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, 'models.json'), `${JSON.stringify(report, null, 2)}\n`)
  writeBetween(join(root, 'docs', 'benchmarks.md'), 'models', reportText(report))
}
process.exit(0)

function whole(option: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const value = Number(text)
  return Number.isInteger(value) && value > 0 ? value : stop(`--${option} takes a whole number above 0, not "${text}".`)
}

function stop(reason: string): never {
  console.error(reason)
  process.exit(2)
}
