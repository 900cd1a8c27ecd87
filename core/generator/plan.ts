import type { GenerateSpec } from '../contract/generator.ts'
import { WinnowError } from '../domain/errors.ts'
import { Random } from '../sample/random.ts'
import type { ChainSpec } from './chain.ts'
import { planCopies } from './planCopies.ts'
import { planIdentities } from './planIdentities.ts'
import { planInstances } from './planInstances.ts'

/** One file of a set before it is made. Sources are named by their place among the sources. */
export interface PlannedFile {
  /** Relative to the set's folder, with slashes. */
  readonly file: string
  readonly role: 'query' | 'distractor' | 'reference' | 'training' | 'train' | 'index' | 'test' | 'view'
  readonly source: number
  /** Another picture that edits may lay over this one, or this one over it. */
  readonly companion: number | null
  /** Which edit of the source; null: the source itself. */
  readonly index: number | null
  readonly chain: ChainSpec | null
  /** The class or identity it is given as. */
  readonly label: string | null
  /** The class or identity it truly is, null where it is of none in the set. */
  readonly trueLabel: string | null
  /** Of a query that is a copy: the place in the plan of what it is a copy of. */
  readonly copyOf: number | null
}

/** Two files to be compared, by their places in the plan. */
export interface PlannedPair {
  readonly a: number
  readonly b: number
  readonly same: boolean
}

export interface SetPlan {
  readonly files: readonly PlannedFile[]
  readonly pairs: readonly PlannedPair[]
}

/** More would not fit a plan that is kept in memory; several sets can be made with other seeds. */
export const mostFiles = 200_000

/**
 * What a set will hold. `sources`: how many distinct pictures there are, in an order that depends on nothing but what they show; the plan shuffles them by
 * the seed. The same spec over the same sources gives the same plan. Throws BAD_INPUT where there are too few pictures, or too many files would come out.
 */
export function planSet(spec: GenerateSpec, sources: number): SetPlan {
  if (sources < 2) throw new WinnowError('BAD_INPUT', `A set is made from at least 2 different images of 32 pixels and more; the project has ${sources}. Scan a folder first.`)
  const about = spec.set === 'copies' ? spec.count + spec.training + (spec.references ?? Math.max(0, sources - spec.training - spec.count)) : spec.count * spec.views
  if (about > mostFiles) throw tooMany(spec, about)
  const order = Random.of('generate', spec.seed).shuffle(Array.from({ length: sources }, (_, i) => i))
  const plan = spec.set === 'copies' ? planCopies(spec, order) : spec.set === 'instances' ? planInstances(spec, order) : planIdentities(spec, order)
  if (plan.files.length > mostFiles) throw tooMany(spec, plan.files.length)
  return plan
}

const tooMany = ({ set }: GenerateSpec, files: number): WinnowError =>
  new WinnowError('BAD_INPUT', `This set would have ${files.toLocaleString('en')} files and more; the most is ${mostFiles.toLocaleString('en')}. Ask for fewer ${set === 'copies' ? 'queries or references' : 'views or photos'}.`)

/** Sixteen hexadecimal digits that tell nothing of what they stand for. */
export function opaqueId(...parts: readonly (string | number)[]): string {
  const random = Random.of('id', ...parts)
  const other = Random.of(...parts, 'id')
  const digits = (source: Random): string => source.int(0, 0xffffffff).toString(16).padStart(8, '0')
  return digits(random) + digits(other)
}

/** One of `pool` that is not `source`; null where there is none. */
export function drawCompanion(random: Random, pool: readonly number[], source: number): number | null {
  if (pool.length === 0 || (pool.length === 1 && pool[0] === source)) return null
  for (;;) {
    const drawn = random.pick(pool)
    if (drawn !== source) return drawn
  }
}

export const needs = (wanted: string, needed: number, there: number): WinnowError =>
  new WinnowError('BAD_INPUT', `${wanted} need ${needed.toLocaleString('en')} different images of 32 pixels and more; the project has ${there.toLocaleString('en')}. Ask for fewer, or add a folder.`)
