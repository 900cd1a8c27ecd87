import { queryOptions } from '@tanstack/react-query'
import type { OptionValues, Recipe, StepResult } from '../../../core/contract/recipes.ts'
import { client } from '../../app/client.ts'

/** Keys that begin with "recipes" become stale with every step of a run, which may make a result anew that was not whole; what was made at one time never changes. */
export const recipeQueries = {
  list: queryOptions({ queryKey: ['recipes', 'list'], queryFn: () => client.recipes.list() }),
  read: (name: string) => queryOptions({ queryKey: ['recipes', 'read', name], queryFn: () => client.recipes.read({ name }), retry: 0 }),
  check: (text: string) => queryOptions({ queryKey: ['recipe-check', text], queryFn: () => client.recipes.check({ text }), gcTime: 30_000 }),
  catalogue: queryOptions({ queryKey: ['recipe-catalogue'], queryFn: () => client.recipes.catalogue() }),
  formats: queryOptions({ queryKey: ['recipe-catalogue', 'formats'], queryFn: () => client.recipes.formats() }),
  plan: (recipe: Recipe, options: OptionValues, set: Readonly<Record<string, unknown>>) => queryOptions({ queryKey: ['recipes', 'plan', recipe, options, set], queryFn: () => client.recipes.plan({ recipe, options, set: { ...set } }), gcTime: 60_000, retry: 0 }),
  runs: (name: string) => queryOptions({ queryKey: ['recipes', 'runs', name], queryFn: () => client.recipes.runs({ recipe: name }) }),
  run: (runId: number) => queryOptions({ queryKey: ['recipes', 'run', runId], queryFn: () => client.recipes.run({ runId }), retry: 0 }),
  whatIf: (runId: number, set: Readonly<Record<string, unknown>>) => queryOptions({ queryKey: ['recipes', 'what-if', runId, set], queryFn: () => client.recipes.whatIf({ runId, set: { ...set } }), gcTime: 60_000, retry: 0 }),
  result: (resultId: number) => queryOptions({ queryKey: ['recipes', 'result', resultId], queryFn: () => client.recipes.result({ resultId }), retry: 0 }),
  rows: ({ resultId, madeAt }: Pick<StepResult, 'resultId' | 'madeAt'>, offset: number, limit: number) => queryOptions({ queryKey: ['recipe-rows', resultId, madeAt, offset, limit], queryFn: () => client.recipes.rows({ resultId, offset, limit }), gcTime: 60_000, retry: 0 }),
  curves: (resultId: number) => queryOptions({ queryKey: ['recipe-curves', resultId], queryFn: () => client.recipes.curves({ resultId }), gcTime: 120_000, retry: 0 })
}
