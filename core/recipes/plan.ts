import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import type { RecipePlan } from '../contract/recipes.ts'
import { WinnowError } from '../domain/errors.ts'
import { systemError } from '../domain/systemErrors.ts'
import type { Engine } from '../engine.ts'
import { FileHashes } from '../models/fileHash.ts'
import type { Project } from '../project/project.ts'
import type { ResultRecord } from '../project/repositories/recipes.ts'
import type { ExpandedStep } from './expand.ts'
import { isTransductive } from './step.ts'
import { uncalibratedOf } from './uncalibrated.ts'

/** A step with the name of what it makes. */
export interface KeyedStep extends ExpandedStep {
  readonly key: string
  /** What is there already under that key. */
  readonly result: ResultRecord | null
  /** Of what the key is the hash besides its inputs: files and all else that the step reads. */
  readonly reads: { readonly files: readonly string[]; readonly outside: string }
}

/** What a result that is not whole holds, as a hash; null for a whole one (see step.ts). */
export const partialOf = (result: Pick<ResultRecord, 'facts'> | null): string | null => (typeof result?.facts['partial'] === 'string' ? result.facts['partial'] : null)

function keyOf({ module: { definition }, params, inputs, reads: { files, outside } }: Omit<KeyedStep, 'key' | 'result'>, names: ReadonlyMap<string, string>): string {
  const from = Object.entries(inputs).map(([name, ids]) => [name, ids.map((id) => names.get(id))])
  return createHash('sha256').update(JSON.stringify([definition.use, definition.version, params, from, files, outside])).digest('hex').slice(0, 32)
}

/** What the keys of later steps call a result. */
const nameOf = (key: string, result: ResultRecord | null): string => {
  const partial = partialOf(result)
  return partial === null ? key : `${key}~${partial}`
}

const fileHashes = new FileHashes()

/**
 * Works out the key of every step: the hash of its type, version and params, of the keys of its inputs, and of all that it reads besides
 * (files by their content; the project by its fingerprint). The same key means the same result, so only what changed runs again.
 * Throws NOT_FOUND or BAD_INPUT where a file or model of a step is not there.
 */
export async function keySteps(context: { engine: Engine; project: Project }, steps: readonly ExpandedStep[]): Promise<KeyedStep[]> {
  const names = new Map<string, string>()
  const keyed: KeyedStep[] = []
  for (const step of steps) {
    const { definition, fingerprint } = step.module
    const params = await namedModels(context.engine, step)
    const files = await Promise.all((definition.files ?? []).map((name) => hashOf(step, name)))
    const outside = fingerprint ? await fingerprint(context, params as never) : ''
    const named = { ...step, params, reads: { files, outside } }
    const key = keyOf(named, names)
    const result = await context.project.read.recipes.result(key)
    names.set(step.id, nameOf(key, result))
    keyed.push({ ...named, key, result })
  }
  return keyed
}

/** Step id -> key. */
export const keysOf = (steps: readonly KeyedStep[]): Map<string, string> => new Map(steps.map(({ id, key }) => [id, key]))

/** The same steps after one of them made something: where that is not whole, or is whole at last, later steps have other keys. */
export function rekeyed(steps: readonly KeyedStep[], id: string, made: ResultRecord): KeyedStep[] {
  const names = new Map<string, string>()
  return steps.map((step) => {
    const key = keyOf(step, names)
    const result = step.id === id ? made : key === step.key ? step.result : null
    names.set(step.id, nameOf(key, result))
    return { ...step, key, result }
  })
}

/** Params that name a model, with "default" made a name: a result must not change its meaning when the default does. */
async function namedModels(engine: Engine, { module, params }: ExpandedStep): Promise<Record<string, unknown>> {
  const named = { ...params }
  for (const name of module.definition.models ?? []) {
    const said = named[name]
    if (typeof said === 'string' && /^default(@|$)/.test(said)) named[name] = said.replace('default', (await engine.models.resolve()).card.id)
  }
  return named
}

async function hashOf(step: ExpandedStep, name: string): Promise<string> {
  const file = step.params[name]
  if (typeof file !== 'string' || file === '') return ''
  if (!isAbsolute(file)) throw new WinnowError('BAD_INPUT', `${step.title}: "${name}" must be an absolute path, not ${file}.`)
  try {
    // A folder has no content to hash; a pipe or a device never ends.
    if (!(await stat(file)).isFile()) throw new WinnowError('BAD_INPUT', `${step.title}: ${file} is no file. Name the file itself.`)
    return await fileHashes.of(file)
  } catch (error) {
    throw systemError(error, file) ?? error
  }
}

export const planOf = (steps: readonly KeyedStep[]): Omit<RecipePlan, 'problems'> => ({
  steps: steps.map(({ id, title, module: { definition }, params, inputs, result }) => ({
    step: id,
    use: definition.use,
    title,
    output: definition.output,
    params,
    inputs,
    transductive: isTransductive(definition, { params, inputs }),
    cheap: definition.cheap ?? false,
    state: result && partialOf(result) === null ? 'kept' : 'to-run',
    resultId: result?.id ?? null
  })),
  uncalibrated: uncalibratedOf(steps)
})
