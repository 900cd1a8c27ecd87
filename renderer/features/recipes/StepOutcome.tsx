import type { MetricValue, StepResult } from '../../../core/contract/recipes.ts'
import { Facts } from '../../components/Inspector.tsx'
import { Curves } from './Curves.tsx'
import { OpenResult } from './OpenResult.tsx'
import { ResultRows } from './ResultRows.tsx'
import { differenceText, metricRows, metricText } from './rules/metricRows.ts'
import { plainFacts } from './rules/resultColumns.ts'
import type { ShownStep } from './rules/shownSteps.ts'
import type { RecipeView } from './useRecipe.ts'
import css from './StepInspector.module.css'

/** What a step made: its numbers and curves, or its first rows, and the ways on. */
export function StepOutcome({ result, step, view }: { result: StepResult; step: ShownStep; view: RecipeView }) {
  const isMetrics = result.kind === 'metrics'
  const before = step.state === 'tried' ? view.run?.steps.find((one) => one.step === step.step)?.result : null
  return (
    <>
      {isMetrics ? <Numbers values={valuesOf(result)} others={before ? valuesOf(before) : undefined} /> : <div className={css.part}><Facts rows={plainFacts(result.facts)} /></div>}
      {isMetrics && <Curves resultId={result.resultId} />}
      {!isMetrics && <ResultRows result={result} />}
      <OpenResult result={result} step={step} view={view} />
    </>
  )
}

const valuesOf = ({ facts }: StepResult): MetricValue[] => (Array.isArray(facts['values']) ? (facts['values'] as MetricValue[]) : [])

function Numbers({ values, others }: { values: readonly MetricValue[]; others: readonly MetricValue[] | undefined }) {
  return (
    <table className={css.metrics} aria-label="Numbers">
      <tbody>
        {metricRows(values, others).map(({ name, about, value, difference, better }) => (
          <tr key={name} title={about}>
            <th scope="row">{name}</th>
            <td>{metricText(value)}</td>
            {others && <td data-better={better ?? undefined}>{differenceText(difference)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
