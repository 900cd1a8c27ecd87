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
}

const fileHashes = new FileHashes()

/**
 * Works out the key of every step: the hash of its type, version and params, of the keys of its inputs, and of all that it reads besides
 * (files by their content; the project by its fingerprint). The same key means the same result, so only what changed runs again.
 * Throws NOT_FOUND or BAD_INPUT where a file or model of a step is not there.
 */
export async function keySteps(context: { engine: Engine; project: Project }, steps: readonly ExpandedStep[]): Promise<KeyedStep[]> {
  const keys = new Map<string, string>()
  const keyed: KeyedStep[] = []
  for (const step of steps) {
    const { definition, fingerprint } = step.module
    const params = await namedModels(context.engine, step)
    const files = await Promise.all((definition.files ?? []).map((name) => hashOf(step, name)))
    const outside = fingerprint ? await fingerprint(context, params as never) : ''
    const inputs = Object.entries(step.inputs).map(([name, ids]) => [name, ids.map((id) => keys.get(id))])
    const key = createHash('sha256').update(JSON.stringify([definition.use, definition.version, params, inputs, files, outside])).digest('hex').slice(0, 32)
    keys.set(step.id, key)
    keyed.push({ ...step, params, key, result: await context.project.read.recipes.result(key) })
  }
  return keyed
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
    state: result ? 'kept' : 'to-run',
    resultId: result?.id ?? null
  })),
  uncalibrated: uncalibratedOf(steps)
})
