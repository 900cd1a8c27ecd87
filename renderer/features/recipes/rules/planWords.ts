import type { Recipe, RecipePlan } from '../../../../core/contract/recipes.ts'
import { formatCount, formatNumber } from '../../../components/format.ts'

/** "12 of 15 steps are kept, 3 to run." */
export function planWords({ steps }: Pick<RecipePlan, 'steps'>): string {
  const kept = steps.filter(({ state }) => state === 'kept').length
  const left = steps.length - kept
  if (steps.length === 0) return ''
  if (left === 0) return `All ${formatCount(steps.length, 'step')} are there already.`
  if (kept === 0) return `${formatCount(steps.length, 'step')} to run.`
  return `${formatNumber(left)} of ${formatCount(steps.length, 'step')} to run; the others are kept.`
}

/** Where a problem lies, in the words of the recipe: "Match: k", "Ground truth". */
export function placeWords(at: string, { options, steps }: Pick<Recipe, 'options' | 'steps'>): string {
  const option = /^options\.(\w+)$/.exec(at)?.[1]
  if (option !== undefined) return options[option]?.title ?? option
  const [, index, rest] = /^steps\[(\d+)\](?:\.(?:with\.|from\.)?(.*))?$/.exec(at) ?? []
  const byId = /^([a-z][a-z0-9-]*)\.(\w+)$/.exec(at)
  const step = index === undefined ? steps.find(({ id }) => id === byId?.[1]) : steps[Number(index)]
  if (!step) return at === 'options' ? '' : at
  return [step.title ?? step.id, index === undefined ? byId?.[2] : rest].filter(Boolean).join(': ')
}
