import type { Project } from '../project/project.ts'
import { Artefact } from './artefact.ts'
import { resultFolder } from './executor.ts'
import type { KeyedStep } from './plan.ts'

/** Which column of the inputs a parameter is compared with. */
const comparedWith: readonly { readonly param: RegExp; readonly column: string }[] = [
  { param: /inliers|evidence/i, column: 'inliers' },
  { param: /ratio/i, column: 'ratio' },
  { param: /score|threshold/i, column: 'score' }
]
const guesses = 9
/** More values than these tell nothing new about where quantiles lie. */
const sampled = 200_000

/**
 * Values worth trying for a parameter: quantiles of the numbers it is compared with, where the step's inputs hold them; otherwise steps of
 * its present value, from none to three times.
 */
export async function trialValues(project: Project, step: KeyedStep, keys: ReadonlyMap<string, string>, param: string, current: number | undefined): Promise<number[]> {
  const column = comparedWith.find(({ param: pattern }) => pattern.test(param))?.column
  const observed = column === undefined ? null : await observedValues(project, step, keys, column)
  const found = observed && observed.length > 1 ? quantiles(observed) : [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3].map((share) => share * (current ?? 1))
  const whole = current !== undefined && Number.isInteger(current) && current >= 2
  const values = [...found, ...(current === undefined ? [] : [current])].map((value) => (whole ? Math.round(value) : Number(value.toPrecision(6))))
  return [...new Set(values)].filter((value) => allowed(step, param, value)).sort((x, y) => x - y)
}

/** Whether the step takes the value. */
const allowed = ({ module, params }: KeyedStep, param: string, value: number): boolean => module.definition.params.strict().safeParse({ ...params, [param]: value }).success

async function observedValues(project: Project, step: KeyedStep, keys: ReadonlyMap<string, string>, column: string): Promise<Float64Array | null> {
  for (const id of Object.values(step.inputs).flat()) {
    const artefact = await Artefact.open(resultFolder(project.resultsFolder, keys.get(id) ?? ''))
    if (!artefact.has(column)) continue
    const values = column === 'inliers' ? await artefact.int32(column) : await artefact.float32(column)
    const stride = Math.max(1, Math.ceil(values.length / sampled))
    return Float64Array.from({ length: Math.floor(values.length / stride) }, (_, i) => values[i * stride] as number).sort()
  }
  return null
}

const quantiles = (sorted: Float64Array): number[] =>
  Array.from({ length: guesses }, (_, i) => sorted[Math.round((i / (guesses - 1)) * (sorted.length - 1))] as number)
