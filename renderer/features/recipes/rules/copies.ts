import type { Calibration, Recipe } from '../../../../core/contract/recipes.ts'

const longest = 64

/** A name that nothing has yet: "isc21-descriptor-copy", then "-copy-2". A copy's copy is counted on, not called copy-copy. */
export function freeName(name: string, taken: ReadonlySet<string>, word = 'copy'): string {
  const stem = name.replace(new RegExp(`-${word}(-\\d+)?$`), '').slice(0, longest - word.length - 6).replace(/-+$/, '')
  for (let n = 1; ; n++) {
    const free = n === 1 ? `${stem}-${word}` : `${stem}-${word}-${n}`
    if (!taken.has(free)) return free
  }
}

/** A recipe's name out of what somebody typed: lower-case letters, digits and dashes, a letter first. '' where nothing is left. */
export const asName = (typed: string): string =>
  typed.normalize('NFD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+/, '').slice(0, longest).replace(/-+$/, '')

export const copyTitle = (title: string): string => (title.endsWith('(copy)') ? title : `${title} (copy)`)

/** The recipe with other parameters: "step.param" -> value. */
export function withSet(recipe: Recipe, set: Readonly<Record<string, unknown>>): Recipe {
  return {
    ...recipe,
    steps: recipe.steps.map((step) => {
      const own = Object.entries(set).filter(([place]) => place.startsWith(`${step.id}.`)).map(([place, value]) => [place.slice(step.id.length + 1), value] as const)
      return own.length === 0 ? step : { ...step, with: { ...step.with, ...Object.fromEntries(own) } }
    })
  }
}

/** The recipe with a constant as it was found with the user's own data; it then belongs to the model it was found with. */
export function withFound(recipe: Recipe, { step, param, best, models }: Pick<Calibration, 'step' | 'param' | 'best' | 'models'>): Recipe {
  return {
    ...recipe,
    steps: recipe.steps.map((one) => (one.id === step ? { ...one, with: { ...one.with, [param]: best }, foundWith: { ...one.foundWith, ...(models.length === 0 ? {} : { [param]: models.join(' + ') }) } } : one))
  }
}
