import type { PlannedStep, Recipe, RecipePlan, RunDetails, RunStep, StepResult, StepType, WhatIf } from '../../../../core/contract/recipes.ts'

/** to-run: not made yet as asked; tried: made just now for a what-if; the others as in a run. */
export type StepState = RunStep['state'] | 'to-run' | 'tried'

/** A step as the screen shows it: what the plan says of it, with what a run or a trial made. */
export interface ShownStep {
  readonly step: string
  readonly use: string
  readonly title: string
  readonly params: Readonly<Record<string, unknown>>
  readonly inputs: Readonly<Record<string, readonly string[]>>
  readonly transductive: boolean
  readonly cheap: boolean
  readonly state: StepState
  readonly resultId: number | null
  /** Where it is known already; a kept step's is asked for by its id. */
  readonly result: StepResult | null
}

interface Sources {
  readonly run: RunDetails | undefined
  readonly plan: RecipePlan | undefined
  readonly trial: WhatIf | undefined
  /** Nothing else is asked for than the run had: its results stand, even where they would be made anew now. */
  readonly asRun: boolean
}

/** What stands there: a run as it went or goes, otherwise what is asked for now, with whatever of it exists. */
export function shownSteps({ run, plan, trial, asRun }: Sources): ShownStep[] {
  if (!plan || plan.steps.length === 0 || run?.state === 'running' || (asRun && run?.state === 'done')) return run?.steps.map(ofRun) ?? []
  return plan.steps.map((planned) => {
    const before = run?.steps.find(({ step }) => step === planned.step)
    const tried = trial?.steps.find(({ step }) => step === planned.step)
    const { step, use, title, params, inputs, transductive, cheap } = planned
    return { step, use, title, params, inputs, transductive, cheap, ...stateOf(planned, before, tried) }
  })
}

const ofRun = ({ step, use, title, params, inputs, transductive, cheap, state, result }: RunStep): ShownStep =>
  ({ step, use, title, params, inputs, transductive, cheap, state, result, resultId: result?.resultId ?? null })

function stateOf(planned: PlannedStep, before: RunStep | undefined, tried: WhatIf['steps'][number] | undefined): Pick<ShownStep, 'state' | 'resultId' | 'result'> {
  if (tried?.changed) return { state: 'tried', resultId: tried.result.resultId, result: tried.result }
  if (before?.result && (before.result.resultId === planned.resultId || tried)) return { state: before.state, resultId: before.result.resultId, result: before.result }
  if (planned.state === 'kept') return { state: 'kept', resultId: planned.resultId, result: null }
  return { state: before?.state === 'failed' ? 'failed' : 'to-run', resultId: null, result: null }
}

/** The steps as they are written, for a recipe that cannot run as it is asked for: what depends on an option that is not set is among them. */
export const outline = ({ steps }: Pick<Recipe, 'steps'>, types: ReadonlyMap<string, Pick<StepType, 'title' | 'transductive' | 'cheap'>>): ShownStep[] =>
  steps.map(({ id, use, title, from, with: params }) => ({
    step: id, use, title: title ?? types.get(use)?.title ?? use, params, inputs: Object.fromEntries(Object.entries(from).map(([name, ids]) => [name, typeof ids === 'string' ? [ids] : ids])),
    transductive: types.get(use)?.transductive ?? false, cheap: types.get(use)?.cheap ?? false, state: 'to-run', resultId: null, result: null
  }))

/** The recipe's own step behind one of a run: "embed.2" is the second copy of "embed". */
export const recipeStepOf = (step: string): string => step.split('.')[0] ?? step

export const inputsOf = ({ inputs }: Pick<ShownStep, 'inputs'>): string[] => [...new Set(Object.values(inputs).flat())]
