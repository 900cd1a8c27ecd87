import { Button, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { StepType } from '../../../core/contract/recipes.ts'
import { formatBytes, formatWhen } from '../../components/format.ts'
import { Facts, Inspector, InspectorSection } from '../../components/Inspector.tsx'
import { ParamForm } from './ParamForm.tsx'
import { recipeQueries } from './recipeQueries.ts'
import { selectStep, useRecipes } from './recipesStore.ts'
import type { ShownStep } from './rules/shownSteps.ts'
import { StepOutcome } from './StepOutcome.tsx'
import { secondsText } from './StepRow.tsx'
import { stateWords } from './StepState.tsx'
import type { RecipeView } from './useRecipe.ts'
import css from './StepInspector.module.css'

/** The selected step: what it does, what it takes, how it is set, what it made. */
export function StepInspector({ view }: { view: RecipeView }) {
  const selected = useRecipes((state) => state.step)
  const step = view.steps.find((one) => one.step === selected)
  if (!step) return <Inspector empty="Choose a step (↓) to see what it does, how it is set and what it made." />
  const type = view.types.get(step.use)
  return (
    <Inspector title={<ToTop key={step.step}>{step.title}</ToTop>}>
      <InspectorSection title={type?.title ?? step.use}>
        <Text size="xs" c="dimmed">{type?.about}</Text>
        {step.transductive && <p className={css.transductive}>Transductive: it looks at other queries of the same run.</p>}
      </InspectorSection>
      <Made step={step} view={view} />
      {type && <ParamForm key={step.step} view={view} step={step} type={type} />}
      <Joins view={view} step={step} type={type} />
      {type?.source && <InspectorSection title="Source"><Text size="xs" c="dimmed">{type.source}</Text></InspectorSection>}
    </Inspector>
  )
}

/** Another step is looked at from its beginning. */
function ToTop({ children }: { children: string }) {
  const frame = useRef<HTMLSpanElement>(null)
  // In braces: scrollTo gives a promise in newer browsers, and an effect may only give a way to end it.
  useEffect(() => { frame.current?.closest('aside')?.scrollTo(0, 0) }, [])
  return <span ref={frame}>{children}</span>
}

function Made({ step, view }: { step: ShownStep; view: RecipeView }) {
  const { data: kept } = useQuery({ ...recipeQueries.result(step.resultId ?? 0), enabled: step.result === null && step.resultId !== null })
  const result = step.result ?? kept ?? null
  return (
    <InspectorSection title="Result">
      {result && <p className={css.summary}>{result.summary}</p>}
      <Facts
        rows={[
          ['State', stateWords(step.state)],
          ['Time', result && secondsText(result.seconds)],
          ['Memory', result?.peakBytes ? formatBytes(result.peakBytes) : null],
          ['Made', result && formatWhen(result.madeAt)]
        ]}
      />
      {result && <StepOutcome key={result.resultId} result={result} step={step} view={view} />}
    </InspectorSection>
  )
}

/** What it takes and what takes from it; each is a way there. */
function Joins({ view: { steps }, step, type }: { view: RecipeView; step: ShownStep; type: StepType | undefined }) {
  const titleOf = (id: string): string => steps.find((one) => one.step === id)?.title ?? id
  const takers = steps.filter(({ inputs }) => Object.values(inputs).some((ids) => ids.includes(step.step)))
  const inputs = Object.entries(step.inputs).filter(([, ids]) => ids.length > 0)
  return (
    <InspectorSection title="Takes and gives">
      {inputs.length === 0 && <Text size="xs" c="dimmed">It takes from no other step.</Text>}
      {inputs.map(([name, ids]) => (
        <div key={name} className={css.join}>
          <span title={type?.inputs.find((input) => input.name === name)?.about}>{name}</span>
          <div>{ids.map((id) => <Button key={id} variant="subtle" size="compact-xs" onClick={() => selectStep(id)}>{titleOf(id)}</Button>)}</div>
        </div>
      ))}
      {takers.length > 0 && (
        <div className={css.join}>
          <span>goes into</span>
          <div>{takers.map(({ step: id, title }) => <Button key={id} variant="subtle" size="compact-xs" onClick={() => selectStep(id)}>{title}</Button>)}</div>
        </div>
      )}
    </InspectorSection>
  )
}
