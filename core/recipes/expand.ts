import type { OptionValues, Recipe, RecipeProblem, RecipeStep } from '../contract/recipes.ts'
import { isStepType, stepModule, unknownStep } from './catalogue.ts'
import { toProblem } from './recipeText.ts'
import type { StepModule } from './step.ts'

/** A step as it will run: one for each entry of its `each`, options filled in, defaults in place. */
export interface ExpandedStep {
  /** The id in the recipe, with .1, .2… where `each` made several. */
  readonly id: string
  readonly title: string
  readonly module: StepModule
  readonly params: Record<string, unknown>
  /** Input name -> ids of expanded steps, in order. */
  readonly inputs: Record<string, string[]>
  readonly foundWith: Readonly<Record<string, string>>
}

export interface Expansion {
  /** In an order in which each comes after what it takes from. */
  readonly steps: ExpandedStep[]
  readonly problems: RecipeProblem[]
}

type Value = OptionValues[string]

/**
 * Turns a recipe into the steps of one run. Nothing is thrown: everything that is wrong is listed with its place, so that it can be put
 * right in one go. `set`: "step.param" -> value, instead of what the recipe says (for every copy of the step).
 */
export async function expandRecipe(recipe: Recipe, given: OptionValues = {}, set: Readonly<Record<string, unknown>> = {}): Promise<Expansion> {
  const problems: RecipeProblem[] = []
  const options = optionValuesOf(recipe, given, problems)
  checkOverrides(recipe, set, problems)
  const copies = new Map<string, string[]>()
  const eachOf = new Map<string, string | undefined>()
  const outputs = new Map<string, StepModule>()
  const steps: ExpandedStep[] = []
  for (const [index, step] of recipe.steps.entries()) {
    const at = `steps[${index}]`
    if (copies.has(step.id)) {
      problems.push({ at: `${at}.id`, message: `There are two steps "${step.id}". Give each a name of its own.` })
      continue
    }
    eachOf.set(step.id, step.each)
    copies.set(step.id, [])
    if (!isStepType(step.use)) {
      problems.push({ at: `${at}.use`, message: unknownStep(step.use) })
      continue
    }
    const module = await stepModule(step.use)
    outputs.set(step.id, module)
    checkInputs(step, at, module, outputs, copies, problems)
    if (step.when !== undefined && !(step.when in recipe.options)) problems.push({ at: `${at}.when`, message: `There is no option "${step.when}".` })
    if (step.when !== undefined && !isSet(options[step.when])) continue
    const entries = entriesOf(step, at, recipe, options, problems)
    for (const [copy, entry] of entries.entries()) {
      const inputs = inputsOf(step, copy, copies, eachOf)
      const lacks = Object.entries(module.definition.inputs).some(([name, spec]) => !spec.optional && name in step.from && (inputs[name]?.length ?? 0) === 0)
      if (lacks) continue
      const id = step.each === undefined ? step.id : `${step.id}.${copy + 1}`
      const params = paramsOf(step, module, { at, recipe, options, entry, set, problems })
      if (!params) continue
      copies.get(step.id)?.push(id)
      const title = step.title ?? module.definition.title
      steps.push({ id, title: entry === null ? title : `${title}: ${entry}`, module, params, inputs, foundWith: step.foundWith })
    }
  }
  for (const [i, shown] of recipe.shows.entries()) if (!copies.has(shown)) problems.push({ at: `shows[${i}]`, message: `There is no step "${shown}".` })
  return { steps, problems }
}

const isSet = (value: Value | undefined): boolean => value !== undefined && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0)

function optionValuesOf(recipe: Recipe, given: OptionValues, problems: RecipeProblem[]): Partial<OptionValues> {
  const values: Partial<OptionValues> = {}
  for (const name of Object.keys(given)) if (!(name in recipe.options)) problems.push({ at: `options.${name}`, message: `The recipe has no option "${name}". It has ${Object.keys(recipe.options).join(', ') || 'none'}.` })
  for (const [name, option] of Object.entries(recipe.options)) {
    const value = given[name] ?? option.default
    const at = `options.${name}`
    if (!isSet(value)) {
      if (option.required) problems.push({ at, message: `${option.title} must be given.` })
      if (value !== undefined) values[name] = value
      continue
    }
    const wanted = option.type === 'number' ? 'number' : option.type === 'boolean' ? 'boolean' : 'string'
    const fits = option.type === 'models' ? typeof value === 'string' || Array.isArray(value) : typeof value === wanted
    if (!fits) problems.push({ at, message: `${option.title} must be a ${option.type === 'models' ? 'list of models' : wanted}, not ${JSON.stringify(value)}.` })
    else if (option.type === 'choice' && option.choices && !option.choices.includes(value as string)) problems.push({ at, message: `${option.title} is one of ${option.choices.join(', ')}, not ${JSON.stringify(value)}.` })
    else values[name] = option.type === 'models' && typeof value === 'string' ? [value] : (value as Value)
  }
  return values
}

function checkOverrides(recipe: Recipe, set: Readonly<Record<string, unknown>>, problems: RecipeProblem[]): void {
  for (const name of Object.keys(set)) {
    const dot = name.indexOf('.')
    if (dot < 1 || !recipe.steps.some(({ id }) => id === name.slice(0, dot))) problems.push({ at: name, message: `"${name}" names no step of the recipe. Write step.parameter; the steps are ${recipe.steps.map(({ id }) => id).join(', ')}.` })
  }
}

function checkInputs(step: RecipeStep, at: string, { definition }: StepModule, outputs: ReadonlyMap<string, StepModule>, earlier: ReadonlyMap<string, unknown>, problems: RecipeProblem[]): void {
  for (const [name, from] of Object.entries(step.from)) {
    const spec = Object.hasOwn(definition.inputs, name) ? definition.inputs[name] : undefined
    if (!spec) {
      problems.push({ at: `${at}.from.${name}`, message: `${definition.title} (${definition.use}) takes no "${name}". It takes ${Object.keys(definition.inputs).join(', ') || 'nothing'}.` })
      continue
    }
    const sources = Array.isArray(from) ? from : [from]
    for (const source of sources) {
      if (source === step.id || !earlier.has(source)) problems.push({ at: `${at}.from.${name}`, message: `There is no step "${source}" before this one.` })
      const output = outputs.get(source)?.definition.output
      if (source !== step.id && output && !spec.kinds.includes(output)) problems.push({ at: `${at}.from.${name}`, message: `"${source}" gives ${output}; ${spec.kinds.join(' or ')} ${spec.kinds.length > 1 ? 'are' : 'is'} needed.` })
    }
  }
  for (const [name, spec] of Object.entries(definition.inputs)) {
    if (!spec.optional && !(name in step.from)) problems.push({ at: `${at}.from`, message: `"${name}" is missing: ${spec.about}` })
  }
}

/** What a step is copied for; [null] for a step without `each`. */
function entriesOf(step: RecipeStep, at: string, recipe: Recipe, options: Partial<OptionValues>, problems: RecipeProblem[]): (string | null)[] {
  if (step.each === undefined) return [null]
  if (recipe.options[step.each]?.type !== 'models') {
    problems.push({ at: `${at}.each`, message: `"each" names an option of type models, and "${step.each}" is none.` })
    return []
  }
  const value = options[step.each]
  return Array.isArray(value) ? value : []
}

/** A copy takes from its sibling in a step with the same `each`, from all copies otherwise. */
function inputsOf(step: RecipeStep, copy: number, copies: ReadonlyMap<string, string[]>, eachOf: ReadonlyMap<string, string | undefined>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(step.from).map(([name, from]) => {
      const sources = Array.isArray(from) ? from : [from]
      const taken = sources.flatMap((source) => {
        const ids = copies.get(source) ?? []
        const sibling = step.each !== undefined && eachOf.get(source) === step.each
        return sibling ? ids.slice(copy, copy + 1) : ids
      })
      return [name, taken]
    })
  )
}

interface ParamScope {
  readonly at: string
  readonly recipe: Recipe
  readonly options: Partial<OptionValues>
  readonly entry: string | null
  readonly set: Readonly<Record<string, unknown>>
  readonly problems: RecipeProblem[]
}

/** The step's parameters, checked, with its defaults; null (and a problem) where they are not right. */
function paramsOf(step: RecipeStep, { definition }: StepModule, { at, recipe, options, entry, set, problems }: ParamScope): Record<string, unknown> | null {
  const filled: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(step.with)) {
    const option = typeof value === 'string' && value.startsWith('$') ? value.slice(1) : null
    if (option === null) filled[name] = value
    else if (option === 'each' && entry !== null) filled[name] = entry
    else if (!Object.hasOwn(recipe.options, option)) {
      problems.push({ at: `${at}.with.${name}`, message: option === 'each' ? '"$each" has a meaning only in a step with "each".' : `There is no option "${option}".` })
      return null
    }
    // An option that is not set leaves the step's own default.
    else if (options[option] !== undefined) filled[name] = options[option]
  }
  for (const [name, value] of Object.entries(set)) if (name.startsWith(`${step.id}.`)) filled[name.slice(step.id.length + 1)] = value
  const parsed = definition.params.strict().safeParse(filled)
  if (parsed.success) return parsed.data
  problems.push(...parsed.error.issues.map((issue) => toProblem(issue, `${at}.with`)))
  return null
}
