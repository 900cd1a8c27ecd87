import { useMemo } from 'react'
import { selectStep, useRecipes } from './recipesStore.ts'
import { inputsOf } from './rules/shownSteps.ts'
import { relatives, stepGraph } from './rules/stepGraph.ts'
import { StepRow } from './StepRow.tsx'
import type { RecipeView } from './useRecipe.ts'
import css from './StepList.module.css'

/** The steps below each other, each joined to what it takes from. */
export function StepList({ view: { steps, body, plan, run } }: { view: RecipeView }) {
  const selected = useRecipes((state) => state.step)
  const nodes = useMemo(() => steps.map((step) => ({ step: step.step, inputs: inputsOf(step) })), [steps])
  const graph = useMemo(() => stepGraph(nodes), [nodes])
  const near = useMemo(() => (selected !== null && nodes.some(({ step }) => step === selected) ? relatives(nodes, selected) : null), [nodes, selected])
  const uncalibrated = new Set((plan && plan.steps.length > 0 ? plan : run)?.uncalibrated.map(({ step }) => step))
  if (steps.length === 0) return null
  return (
    <ol className={css.list} aria-label="Steps">
      {steps.map((step, i) => {
        const row = graph.rows[i]
        return row && (
          <StepRow
            key={step.step} step={step} row={row} lanes={graph.lanes} selected={step.step === selected} near={near} uncalibrated={uncalibrated.has(step.step)} main={body.shows[0] === step.step}
            onSelect={() => selectStep(step.step)}
          />
        )
      })}
    </ol>
  )
}
