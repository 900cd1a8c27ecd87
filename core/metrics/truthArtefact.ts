import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WinnowError } from '../domain/errors.ts'
import type { Artefact, ArtefactWriter } from '../recipes/artefact.ts'
import { groupRows } from './groups.ts'
import { IntIndex } from './intIndex.ts'
import { plural } from './report.ts'
import type { ClassTruth, RelevanceTruth, Truth } from './truth.ts'
import type { JoinReport } from './truthFiles.ts'

/** For each class of the truth the id that the project has for its name, -1 where it has none. Labels without names of their own are compared by it. */
export type ProjectClasses = readonly number[]

interface ClassList {
  readonly names: readonly string[]
  readonly classIds: ProjectClasses
}
const classesName = 'classes.json'

/** The classes of a truth of classes, in the order of their positions. */
export async function readClassList(artefact: Artefact): Promise<ClassList> {
  try {
    return JSON.parse(await readFile(join(artefact.folder, classesName), 'utf8')) as ClassList
  } catch {
    throw new WinnowError('CORRUPT', `The list of classes in ${artefact.folder} is gone or damaged. Run the recipe again: it is made anew.`)
  }
}

/**
 * truth: rows for the eye. pairs: `query`, `reference` (-1: a distractor). relevance: `query`, `image` (-1: nothing answers), `grade`, `usage` (positions in
 * `grades` and `usages` of truth.ts). classes: `image`, `class` (position in classes.json's names; -1: none), `usage`. pairLabels: `a`, `b`,
 * `same`. flags: `image`, `clean`. facts: `truth` (the kind), the join report's counts and problems.
 */
export async function writeTruth(out: ArtefactWriter, truth: Truth, report: JoinReport, classIds: ProjectClasses = []): Promise<void> {
  const facts: Record<string, unknown> = { truth: truth.kind, ...report }
  switch (truth.kind) {
    case 'pairs': {
      const matched = new IntIndex(truth.query)
      const distractors = truth.queries.filter((query) => matched.find(query) < 0)
      await out.column('query', joined(truth.query, distractors))
      await out.column('reference', joined(truth.reference, new Int32Array(distractors.length).fill(-1)))
      await out.finish('truth', `${plural(truth.query.length, 'true pair')}, ${plural(distractors.length, 'distractor query', 'distractor queries')}${lost(report)}`, { ...facts, pairs: truth.query.length, queries: truth.queries.length })
      return
    }
    case 'relevance': {
      const { owner, values } = rowsOf(truth.offsets)
      await out.column('query', owner.map((place) => truth.queries[place] as number))
      await out.column('image', values.map((at) => (at < 0 ? -1 : (truth.images[at] as number))))
      await out.column('grade', Uint8Array.from(values, (at) => (at < 0 ? 0 : (truth.grade[at] as number))))
      await out.column('usage', Uint8Array.from(owner, (place) => truth.usage[place] as number))
      await out.finish('truth', `${plural(truth.queries.length, 'query', 'queries')}, ${plural(truth.images.length, 'judged image')}${lost(report)}`, { ...facts, queries: truth.queries.length })
      return
    }
    case 'classes': {
      const { owner, values } = rowsOf(truth.offsets)
      await out.column('image', owner.map((place) => truth.images[place] as number))
      await out.column('class', values.map((at) => (at < 0 ? -1 : (truth.classes[at] as number))))
      await out.column('usage', Uint8Array.from(owner, (place) => truth.usage[place] as number))
      // Hundreds of thousands of names are no facts to send about with every run.
      await writeFile(join(out.folder, classesName), JSON.stringify({ names: truth.names, classIds } satisfies ClassList))
      await out.finish('truth', `${plural(truth.images.length, 'image')} of ${plural(truth.names.length, 'class', 'classes')}${lost(report)}`, { ...facts, images: truth.images.length, classes: truth.names.length })
      return
    }
    case 'pairLabels': {
      await out.column('a', truth.a)
      await out.column('b', truth.b)
      await out.column('same', truth.label)
      const same = truth.label.reduce((sum, label) => sum + label, 0)
      await out.finish('truth', `${plural(truth.a.length, 'labelled pair')}, ${same.toLocaleString('en')} the same${lost(report)}`, { ...facts, pairs: truth.a.length, same })
      return
    }
    case 'flags': {
      await out.column('image', truth.images)
      await out.column('clean', truth.flag)
      const clean = truth.flag.reduce((sum, flag) => sum + flag, 0)
      await out.finish('truth', `${plural(truth.images.length, 'image')}, ${clean.toLocaleString('en')} clean${lost(report)}`, { ...facts, images: truth.images.length, clean })
      return
    }
    default: truth satisfies never
  }
}

/** The truth of an artefact that writeTruth wrote. Throws BAD_INPUT where it is none. */
export async function readTruth(artefact: Artefact): Promise<Truth> {
  switch (artefact.facts['truth']) {
    case 'pairs': {
      const groups = groupRows(await artefact.int32('query'), await artefact.int32('reference'))
      const query = await artefact.int32('query')
      return { kind: 'pairs', queries: groups.keys, query: groups.valueRow.map((row) => query[row] as number), reference: groups.values }
    }
    case 'relevance': {
      const groups = groupRows(await artefact.int32('query'), await artefact.int32('image'))
      const [grade, usage] = [await artefact.uint8('grade'), await artefact.uint8('usage')]
      return {
        kind: 'relevance', queries: groups.keys, offsets: groups.offsets, images: groups.values,
        grade: Uint8Array.from(groups.valueRow, (row) => grade[row] as number), usage: Uint8Array.from(groups.keyRow, (row) => usage[row] as number)
      } satisfies RelevanceTruth
    }
    case 'classes': {
      const groups = groupRows(await artefact.int32('image'), await artefact.int32('class'))
      const usage = await artefact.uint8('usage')
      return {
        kind: 'classes', images: groups.keys, offsets: groups.offsets, classes: groups.values, names: (await readClassList(artefact)).names,
        usage: Uint8Array.from(groups.keyRow, (row) => usage[row] as number)
      } satisfies ClassTruth
    }
    case 'pairLabels': return { kind: 'pairLabels', a: await artefact.int32('a'), b: await artefact.int32('b'), label: await artefact.uint8('same') }
    case 'flags': return { kind: 'flags', images: await artefact.int32('image'), flag: await artefact.uint8('clean') }
    default: throw new WinnowError('BAD_INPUT', 'A ground truth is needed here; the step "truth" reads one from a file.')
  }
}

/** One row for each value, and one with -1 for each key without. */
function rowsOf(offsets: Int32Array): { owner: Int32Array; values: Int32Array } {
  let rows = 0
  for (let place = 0; place + 1 < offsets.length; place++) rows += Math.max(1, (offsets[place + 1] as number) - (offsets[place] as number))
  const owner = new Int32Array(rows)
  const values = new Int32Array(rows)
  let row = 0
  for (let place = 0; place + 1 < offsets.length; place++) {
    const [from, to] = [offsets[place] as number, offsets[place + 1] as number]
    for (let at = from; at < Math.max(to, from + 1); at++) {
      owner[row] = place
      values[row++] = at < to ? at : -1
    }
  }
  return { owner, values }
}

function joined(first: Int32Array, second: Int32Array): Int32Array {
  const all = new Int32Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}

const lost = ({ missingNames }: JoinReport): string => (missingNames > 0 ? `; ${plural(missingNames, 'name')} found no image` : '')
