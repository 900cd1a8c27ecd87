import type { Uncalibrated } from '../contract/recipes.ts'
import type { ExpandedStep } from './expand.ts'

type Step = Pick<ExpandedStep, 'id' | 'module' | 'params' | 'inputs'>

/** What a step's numbers come from: descriptors' models and local features are told apart, because a constant belongs to the one or the other. */
interface Origins {
  readonly descriptors: readonly string[]
  readonly localFeatures: readonly string[]
}

function originsOf(steps: readonly Step[]): Map<string, Origins> {
  const origins = new Map<string, Origins>()
  for (const { id, module, params, inputs } of steps) {
    const above = Object.values(inputs).flat().flatMap((input) => origins.get(input) ?? [])
    const { descriptor, localFeatures } = module.definition.origin?.(params) ?? {}
    origins.set(id, {
      descriptors: [...new Set([...(descriptor === undefined ? [] : [descriptor]), ...above.flatMap((each) => each.descriptors)])],
      localFeatures: [...new Set([...(localFeatures === undefined ? [] : [localFeatures]), ...above.flatMap((each) => each.localFeatures)])]
    })
  }
  return origins
}

/** The models, then the local features, that each step's numbers come from. */
export const modelsBehind = (steps: readonly Step[]): Map<string, string[]> =>
  new Map([...originsOf(steps)].map(([id, { descriptors, localFeatures }]) => [id, [...descriptors, ...localFeatures]]))

const between = ' + '

/** How `foundWith` names several models: a constant of an ensemble belongs to all of them together. */
export const foundWithName = (models: readonly string[]): string => models.join(between)

/** Constants that were found with another descriptor (or other local features) than this run uses: there they mean nothing. `steps`: with "default" made a name. */
export function uncalibratedOf(steps: readonly (Step & Pick<ExpandedStep, 'foundWith'>)[]): Uncalibrated[] {
  const origins = originsOf(steps)
  return steps.flatMap(({ id, params, foundWith }) => {
    const { descriptors = [], localFeatures = [] } = origins.get(id) ?? {}
    const runsWith = [...descriptors, ...localFeatures]
    if (runsWith.length === 0) return []
    return Object.entries(foundWith).filter(([, models]) => !belongs(models.split(between), [descriptors, localFeatures])).map(([param, models]) => ({ step: id, param, value: params[param], foundWith: models, runsWith }))
  })
}

/** Every model it was found with is behind the step, and beside them no other of the same sort: an ensemble is another descriptor than each of its models. */
const belongs = (found: readonly string[], sorts: readonly (readonly string[])[]): boolean =>
  found.every((model) => sorts.some((sort) => sort.includes(model) && sort.every((other) => found.includes(other))))
