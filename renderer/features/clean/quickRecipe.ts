import type { Recipe } from '../../../core/contract/recipes.ts'

/**
 * What of a cleaning recipe is left without geometry: the sweep over mutual ranks and all that leads to it. Seconds instead of minutes or
 * hours, and good enough to see whether a set needs cleaning. Throws where the recipe has no such sweep.
 */
export function quickRecipe(recipe: Recipe): Recipe {
  const grid = recipe.steps.find(({ use, with: params }) => use === 'clean-sweep' && params['evidence'] === 'mutual-rank')
  if (!grid) throw new Error(`The recipe ${recipe.name} has no sweep over mutual ranks.`)
  const needed = new Set<string>()
  const need = (id: string): void => {
    if (needed.has(id)) return
    needed.add(id)
    for (const from of Object.values(recipe.steps.find((step) => step.id === id)?.from ?? {})) for (const one of [from].flat()) need(one)
  }
  need(grid.id)
  // The truth is only looked at, by the screen.
  for (const { id, use } of recipe.steps) if (use === 'truth') need(id)
  return {
    ...recipe, name: `${recipe.name}-quick`, title: 'Clean by mutual neighbours (quick try)', about: 'The sweep of the cleaning rule without geometry: pairs count where each image is among the other’s nearest.',
    steps: recipe.steps.filter(({ id }) => needed.has(id)), shows: [grid.id]
  }
}
