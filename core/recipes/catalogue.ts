import { z } from 'zod'
import type { StepType } from '../contract/recipes.ts'
import { WinnowError } from '../domain/errors.ts'
import { isTransductive, type StepModule } from './step.ts'
import { stepModules } from './stepList.ts'

/** The step type of that name. Throws BAD_INPUT, naming the nearest known one, where there is none. */
export async function stepModule(use: string): Promise<StepModule> {
  const load = Object.hasOwn(stepModules, use) ? stepModules[use] : undefined
  if (!load) throw new WinnowError('BAD_INPUT', unknownStep(use))
  return await load()
}

export const isStepType = (use: string): boolean => Object.hasOwn(stepModules, use)

export function unknownStep(use: string): string {
  const known = Object.keys(stepModules).sort()
  const near = known.filter((name) => name.includes(use) || use.includes(name) || name.slice(0, 4) === use.slice(0, 4))
  return `There is no step type "${use}". ${near.length > 0 ? `Did you mean ${near.join(', ')}?` : `Known: ${known.join(', ')}.`}`
}

/** All step types as people see them, by name. */
export async function catalogue(): Promise<StepType[]> {
  const modules = await Promise.all(Object.keys(stepModules).sort().map(stepModule))
  return modules.map(({ definition }) => ({
    use: definition.use,
    title: definition.title,
    about: definition.about,
    source: definition.source,
    inputs: Object.entries(definition.inputs).map(([name, { kinds, about, many = false, optional = false }]) => ({ name, kinds: [...kinds], many, optional, about })),
    output: definition.output,
    params: z.toJSONSchema(definition.params, { io: 'input', unrepresentable: 'any' }),
    transductive: isTransductive(definition),
    cheap: definition.cheap ?? false
  }))
}
