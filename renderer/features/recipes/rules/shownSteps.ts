import type { PlannedStep, RecipePlan, RunDetails, RunStep, StepResult, WhatIf } from '../../../../core/contract/recipes.ts'

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

/** What stands there: a run that goes on as it goes, otherwise what is asked for now, with whatever of it exists. */
export function shownSteps({ run, plan, trial }: { run: RunDetails | undefined; plan: RecipePlan | undefined; trial: WhatIf | undefined }): ShownStep[] {
  if (!plan || plan.steps.length === 0 || run?.state === 'running') return run?.steps.map(ofRun) ?? []
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

/** The recipe's own step behind one of a run: "embed.2" is the second copy of "embed". */
export const recipeStepOf = (step: string): string => step.split('.')[0] ?? step

export const inputsOf = ({ inputs }: Pick<ShownStep, 'inputs'>): string[] => [...new Set(Object.values(inputs).flat())]
