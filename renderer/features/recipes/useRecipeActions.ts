import type { RecipeSummary } from '../../../core/contract/recipes.ts'
import { useActions } from '../../app/actions.ts'
import { useUi } from '../../stores/ui.ts'
import { openResult } from './openResult.ts'
import { openPlaces } from './OpenResult.tsx'
import { cancelRun, duplicate, removeRecipe, runRecipe } from './recipeActs.ts'
import { choose, selectStep, showTab, useRecipes } from './recipesStore.ts'
import { canRun } from './RunBar.tsx'
import { neighbour, shownRecipes } from './rules/recipeList.ts'
import { inputsOf, type ShownStep } from './rules/shownSteps.ts'
import type { RecipeView } from './useRecipe.ts'

const leaveField = (): void => { if (document.activeElement instanceof HTMLElement) document.activeElement.blur() }
const inField = (): boolean => document.activeElement?.matches('input, textarea, select') === true
/** The first field there that can be filled in. */
const focusIn = (place: string): void => document.querySelector<HTMLElement>(`${place} :is(input, textarea):not(:disabled)`)?.focus()

function focusParams(): void {
  const { inspectorOpen, toggleInspector } = useUi.getState()
  if (!inspectorOpen) toggleInspector()
  if (inspectorOpen) focusIn('[data-params]')
  else setTimeout(() => focusIn('[data-params]'), 50)
}

function editText(): void {
  showTab('text')
  // Once it is on the screen.
  setTimeout(() => document.querySelector<HTMLElement>('textarea[data-recipe-text]')?.focus(), 50)
}

/** Keys and commands of the room. */
export function useRecipeActions(recipes: readonly RecipeSummary[] | undefined, view: RecipeView | null): void {
  const tab = useRecipes((state) => state.tab)
  const selected = useRecipes((state) => state.step)
  const typed = useRecipes((state) => state.typed)
  const step = view?.steps.find((one) => one.step === selected)
  const onSteps = (): boolean => tab === 'steps' && (view?.steps.length ?? 0) > 0
  const moveRecipe = (by: number): void => {
    const next = neighbour(shownRecipes(recipes ?? [], typed).map(({ name }) => name), view?.name ?? null, by)
    if (next !== null) choose(next)
  }
  const moveStep = (by: number): void => selectStep(neighbour(view?.steps.map((one) => one.step) ?? [], selected, by))
  const follow = (id: string | undefined): void => { if (id !== undefined) selectStep(id) }
  const resultId = step?.resultId ?? null

  useActions('Recipes', [
    { id: 'recipe.next', title: 'Next recipe', keys: ['J', 'Shift+Down'], hint: 'next', quiet: true, run: () => moveRecipe(1) },
    { id: 'recipe.previous', title: 'Previous recipe', keys: ['K', 'Shift+Up'], quiet: true, run: () => moveRecipe(-1) },
    { id: 'recipe.find', title: 'Find a recipe', keys: ['/'], run: () => document.querySelector<HTMLInputElement>('#recipe-filter')?.focus() },
    { id: 'recipe.leave', title: 'Leave the field', keys: ['Esc'], typing: true, quiet: true, when: inField, run: leaveField },
    { id: 'recipe.run', title: view ? `Run ${view.body.title}` : 'Run', keys: ['Mod+Enter'], hint: 'run', typing: true, when: () => view !== null && canRun(view), run: () => { if (view) void runRecipe(view) } },
    { id: 'recipe.cancel', title: 'Cancel the run', keys: ['X'], hint: 'cancel', when: () => view?.goesOn === true, run: () => { if (view?.job) void cancelRun(view.job.id) } },
    { id: 'recipe.steps', title: 'Show the steps', keys: ['G'], run: () => showTab('steps') },
    { id: 'recipe.runs', title: 'Show earlier runs', keys: ['R'], hint: 'runs', run: () => showTab('runs') },
    { id: 'recipe.text', title: 'Edit as text', keys: ['E'], hint: 'edit', run: editText },
    { id: 'recipe.options', title: 'Go to the options', keys: ['O'], hint: 'options', when: () => tab === 'steps', run: () => focusIn('[data-options]') },
    { id: 'recipe.duplicate', title: 'Copy this recipe', keys: ['D'], when: () => view !== null, run: () => { if (view) void duplicate(view.saved) } },
    { id: 'recipe.save-copy', title: 'Save as a copy, with the values that are set…', keys: ['Mod+S'], typing: true, when: () => view !== null && tab !== 'text', run: () => useRecipes.setState({ copying: 'values' }) },
    { id: 'recipe.remove', title: 'Remove this recipe', keys: ['Delete'], when: () => view !== null && !view.builtIn && tab !== 'runs', run: () => { if (view) void removeRecipe(view.saved) } }
  ])
  useActions('Steps', [
    { id: 'step.down', title: 'Next step', keys: ['Down'], hint: 'steps', when: onSteps, quiet: true, run: () => moveStep(1) },
    { id: 'step.up', title: 'Previous step', keys: ['Up'], when: onSteps, quiet: true, run: () => moveStep(-1) },
    { id: 'step.first', title: 'First step', keys: ['Home'], when: onSteps, quiet: true, run: () => follow(view?.steps[0]?.step) },
    { id: 'step.last', title: 'Last step', keys: ['End'], when: onSteps, quiet: true, run: () => follow(view?.steps.at(-1)?.step) },
    { id: 'step.input', title: 'To what it takes from', keys: ['Left'], when: () => onSteps() && step !== undefined, quiet: true, run: () => follow(step && inputsOf(step)[0]) },
    { id: 'step.taker', title: 'To what takes from it', keys: ['Right'], when: () => onSteps() && step !== undefined, quiet: true, run: () => follow(step && takerOf(view?.steps ?? [], step)) },
    { id: 'step.table', title: 'All rows of the result', keys: ['T', 'Enter'], hint: 'table', when: () => onSteps() && resultId !== null, run: () => useRecipes.setState({ table: resultId }) },
    { id: 'step.params', title: 'Set its parameters', keys: ['P'], hint: 'parameters', when: () => onSteps() && step !== undefined, run: focusParams },
    {
      id: 'step.open', title: 'Open the result in its screen', keys: ['M'], hint: 'open', when: () => onSteps() && view !== null && step !== undefined && openPlaces(step.result, step, view).length > 0,
      run: () => {
        const place = view && step ? openPlaces(step.result, step, view)[0] : undefined
        if (place && step?.result) void openResult(place, step.result, { runId: view?.run?.runId ?? 0, step: step.step })
      }
    },
    { id: 'step.none', title: 'No step', keys: ['Esc'], when: () => onSteps() && step !== undefined, quiet: true, run: () => selectStep(null) }
  ], { enabled: tab === 'steps' })
}

const takerOf = (steps: readonly ShownStep[], step: ShownStep): string | undefined => steps.find((one) => inputsOf(one).includes(step.step))?.step
