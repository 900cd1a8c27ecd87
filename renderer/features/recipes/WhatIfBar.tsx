import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { WhatIf } from '../../../core/contract/recipes.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { runRecipe } from './recipeActs.ts'
import { setParams, useRecipes } from './recipesStore.ts'
import { canRun } from './RunBar.tsx'
import { valueText } from './rules/runDifferences.ts'
import type { RecipeView } from './useRecipe.ts'
import css from './RecipeWork.module.css'

/** What was set otherwise than the recipe says, and what that would give. */
export function WhatIfBar({ view }: { view: RecipeView }) {
  const { set, changes, trial, trying, trialError, name, goesOn } = view
  const places = Object.keys(set)
  const isTrial = Object.keys(changes).length > 0
  if (goesOn || (places.length === 0 && !isTrial)) return null
  const needs = trial?.needs ?? []
  const titles = [...new Set(needs.map((id) => view.steps.find(({ step }) => step === id)?.title ?? id))]
  const without = (place: string): void => setParams(name, Object.fromEntries(Object.entries(set).filter(([one]) => one !== place)))
  return (
    <section className={css.trial} aria-label="What if">
      <b aria-live="polite">{headline({ isTrial, trying, needs: titles, tried: trialError === null ? trial : undefined })}</b>
      <div className={css.trialLine}>
        {places.map((place) => (
          <span key={place} className={css.change}>
            {place} = {valueText(set[place])}
            <button type="button" aria-label={`${place} as the recipe says`} title="As the recipe says" onClick={() => without(place)}><IconX size={12} /></button>
          </span>
        ))}
        <span className={css.fill} />
        {isTrial && <Button size="compact-sm" variant="default" disabled={!canRun(view)} rightSection={<Kbd keys="Mod+Enter" />} onClick={() => void runRecipe(view)}>Run with these</Button>}
        <Button size="compact-sm" variant="default" rightSection={<Kbd keys="Mod+S" />} onClick={() => useRecipes.setState({ copying: 'values' })}>Save as a copy…</Button>
        {places.length > 0 && <Button size="compact-sm" variant="subtle" color="gray" title="Everything as the recipe says" onClick={() => setParams(name, {})}>Reset</Button>}
      </div>
      {trialError && !trying && <ErrorNote title="These values cannot be tried." error={trialError} />}
    </section>
  )
}

function headline({ isTrial, trying, needs, tried }: { isTrial: boolean; trying: boolean; needs: readonly string[]; tried: WhatIf | undefined }): string {
  if (!isTrial) return 'Set otherwise than the recipe says'
  if (trying) return 'Trying…'
  if (needs.length > 0) return `This needs a real run of ${needs.length > 3 ? `${needs.slice(0, 3).join(', ')} and ${needs.length - 3} more` : needs.join(', ')}.`
  if (!tried) return 'What if'
  return tried.metrics.length > 0 ? 'What if: the numbers above are those of a trial, beside them what changes.' : 'What if: the marked steps were tried with these values. The run stays as it is.'
}
