import { z } from 'zod'
import { WinnowError } from '../domain/errors.ts'
import type { Artefact } from '../recipes/artefact.ts'
import { readLabels } from '../recipes/kinds.ts'
import { oneWord } from './exportPairs.ts'
import type { ExportedResult } from './exportResult.ts'
import { numberColumn, textColumn } from './outTable.ts'
import { writeCsv } from './writeCsv.ts'
import { namedColumn, writeTable, type PlainFormat } from './writeTable.ts'
import { writeWhole } from './wholeFile.ts'

type Names = (ids: Iterable<number>) => ReadonlyMap<number, string>
const namesFact = z.array(z.tuple([z.number(), z.string()]))

/** What labels are called: by `facts.names`, else their number; -1 is none. */
function labelNames(facts: Readonly<Record<string, unknown>>): (label: number) => string {
  const { success, data } = namesFact.safeParse(facts['names'])
  const names = new Map(success ? data : [])
  return (label) => (label < 0 ? '' : (names.get(label) ?? String(label)))
}

/** image, label, score, one a row; images alone where there are no labels. */
export async function writeLabelTable({ images, labels, scores }: { images: Int32Array; labels: Int32Array | null; scores: Float32Array | null }, facts: Artefact['facts'], format: PlainFormat, file: string, namesOf: Names): Promise<ExportedResult> {
  const label = labelNames(facts)
  await writeTable(file, format, { rows: images.length, columns: [
    namedColumn('image', images, namesOf(images)),
    ...(labels ? [textColumn('label', Array.from(labels, label))] : []),
    ...(scores ? [numberColumn('score', scores)] : [])
  ] })
  return { files: [file], rows: images.length, notes: [] }
}

/** id,landmarks: for each image its best label and the score of it with nine decimals; nothing where it has none. The metric takes one label an image. */
export async function writeRecognition(artefact: Artefact, file: string, namesOf: Names): Promise<ExportedResult> {
  const { images, labels, scores } = await readLabels(artefact)
  const best = new Map<number, number>()
  images.forEach((image, row) => {
    const before = best.get(image)
    // Candidates stand best first.
    if (before === undefined || (scores[row] as number) > (scores[before] as number)) best.set(image, row)
  })
  if (best.size === 0) throw new WinnowError('BAD_INPUT', 'The result is empty: there is nothing to write.')
  const names = namesOf(best.keys())
  const label = labelNames(artefact.facts)
  const ids = [...best.keys()]
  await writeCsv(file, { rows: ids.length, columns: [
    textColumn('id', ids.map((id) => names.get(id) ?? '')),
    textColumn('landmarks', ids.map((id) => {
      const row = best.get(id) as number
      const name = label(labels[row] as number)
      return name === '' ? '' : `${oneWord(name)} ${(scores[row] as number).toFixed(9)}`
    }))
  ] })
  return { files: [file], rows: ids.length, notes: images.length > ids.length ? [`${(images.length - ids.length).toLocaleString('en')} further candidates were left out: the challenge takes one label an image.`] : [] }
}

/** landmark_id,images: for each label its images, with blanks between. */
export async function writeLabelImages(artefact: Artefact, file: string, namesOf: Names): Promise<ExportedResult> {
  const { images, labels } = await readLabels(artefact)
  const byLabel = new Map<number, Set<number>>()
  images.forEach((image, row) => {
    const one = labels[row] as number
    if (one < 0) return
    const members = byLabel.get(one) ?? new Set<number>()
    members.add(image)
    byLabel.set(one, members)
  })
  if (byLabel.size === 0) throw new WinnowError('BAD_INPUT', 'The result is empty: there is nothing to write.')
  const names = namesOf(images)
  const label = labelNames(artefact.facts)
  const order = [...byLabel.keys()].sort((x, y) => x - y)
  await writeCsv(file, { rows: order.length, columns: [
    textColumn('landmark_id', order.map(label)),
    textColumn('images', order.map((one) => Array.from(byLabel.get(one) ?? [], (image) => oneWord(names.get(image) ?? '')).join(' ')))
  ] })
  return { files: [file], rows: order.length, notes: [] }
}

/** One image a line. */
export async function writeImageList(file: string, images: Int32Array, namesOf: Names): Promise<ExportedResult> {
  const names = namesOf(images)
  await writeWhole(file, async (target) => {
    for (let from = 0; from < images.length; from += 50_000) {
      await target.writeText(Array.from(images.subarray(from, from + 50_000), (id) => {
        const name = names.get(id) ?? ''
        if (/[\r\n]/u.test(name)) throw new WinnowError('BAD_INPUT', `The name ${JSON.stringify(name)} has a line break, which a list of lines cannot hold. Write CSV.`)
        return `${name}\n`
      }).join(''))
    }
  })
  return { files: [file], rows: images.length, notes: [] }
}
