import type { JobRequestInput } from '../../../core/contract/jobs.ts'
import type { Recipe, RunDetails } from '../../../core/contract/recipes.ts'

/** What of a result stays after people looked through it. */
export interface Audit {
  readonly keep: 'all' | 'accepted'
  /** Of pairs of which nobody has spoken, with keep: accepted. */
  readonly minScore: number | null
}

export interface AuditedRecipe {
  readonly request: Extract<JobRequestInput, { kind: 'recipe' }>
  /** The step whose result is asked for. */
  readonly step: string
}

/** The recipe of a run with what people said put in after one of its steps, and measured where the run had a truth. All before it is kept from that run. */
export function auditedRecipe({ recipeBody, options, overrides }: Pick<RunDetails, 'recipeBody' | 'options' | 'overrides'>, step: string, { keep, minScore }: Audit): AuditedRecipe {
  // A step that runs once for each model stands in a run as step.1, step.2…
  const from = recipeBody.steps.some(({ id }) => id === step) ? step : step.replace(/\.\d+$/, '')
  const audited = freeId(recipeBody, 'audited')
  const truth = recipeBody.steps.find(({ use }) => use === 'truth')
  const plain = { each: undefined, when: undefined, foundWith: {} }
  const body: Recipe = {
    ...recipeBody,
    name: auditedName(recipeBody.name),
    title: recipeBody.title.endsWith(', audited') ? recipeBody.title : `${recipeBody.title}, audited`,
    steps: [
      ...recipeBody.steps,
      { ...plain, id: audited, use: 'human-decisions', title: 'What people said', from: { pairs: from }, with: { keep, ...(keep === 'accepted' && minScore !== null ? { minScore } : {}) } },
      ...(truth ? [{ ...plain, id: freeId(recipeBody, 'audited-score'), use: 'metric', title: 'Measure what people said', from: { truth: truth.id, result: audited }, with: {} }] : [])
    ],
    shows: [audited, ...(truth ? [freeId(recipeBody, 'audited-score')] : []), ...recipeBody.shows]
  }
  return { request: { kind: 'recipe', body, options, set: overrides }, step: audited }
}

const most = 64
const ending = '-audited'
/** Whether a run was made for an export of what people left. */
export const isAudited = (recipe: string): boolean => recipe.endsWith(ending)

const auditedName = (name: string): string => (name.endsWith(ending) ? name : `${name.slice(0, most - ending.length)}${ending}`)

function freeId({ steps }: Recipe, wanted: string): string {
  const taken = new Set(steps.map(({ id }) => id))
  if (!taken.has(wanted)) return wanted
  for (let n = 2; ; n++) if (!taken.has(`${wanted}-${n}`)) return `${wanted}-${n}`
}
