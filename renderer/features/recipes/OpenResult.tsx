import { Button } from '@mantine/core'
import { useState } from 'react'
import type { StepResult } from '../../../core/contract/recipes.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { ExportResult } from './ExportResult.tsx'
import { openResult, type Place, placesOf } from './openResult.ts'
import type { ShownStep } from './rules/shownSteps.ts'
import type { RecipeView } from './useRecipe.ts'
import css from './StepInspector.module.css'

const placeWords: Record<Place, string> = { matches: 'Open in Matches', clean: 'Open in Clean', labels: 'Propose in Labels', library: 'Show in the library' }

/** Screens that a result of a run can be opened in now. Matches looks at runs: what was only tried, or is kept for a run to come, is not among them. */
export function openPlaces(result: Pick<StepResult, 'kind'> | null, step: ShownStep, view: Pick<RecipeView, 'run'>): readonly Place[] {
  if (!result) return []
  const inRun = step.state !== 'tried' && view.run?.steps.some((one) => one.step === step.step && one.result?.resultId === step.resultId) === true && view.run.state === 'done'
  return placesOf(result.kind).filter((place) => inRun || place === 'library')
}

/** The ways on from a result: the screens that work on it, and a file. */
export function OpenResult({ result, step, view }: { result: StepResult; step: ShownStep; view: RecipeView }) {
  const [exporting, setExporting] = useState(false)
  const places = openPlaces(result, step, view)
  return (
    <>
      <div className={css.actions}>
        {places.map((place, i) => (
          <Button key={place} size="compact-sm" variant="default" rightSection={i === 0 ? <Kbd keys="M" /> : undefined} onClick={() => void openResult(place, result, { runId: view.run?.runId ?? 0, step: step.step })}>{placeWords[place]}</Button>
        ))}
        <Button size="compact-sm" variant="default" aria-expanded={exporting} onClick={() => setExporting(!exporting)}>Export…</Button>
      </div>
      {exporting && <ExportResult result={result} name={`${view.name}-${step.step.replace('.', '-')}`} onDone={() => setExporting(false)} />}
    </>
  )
}
