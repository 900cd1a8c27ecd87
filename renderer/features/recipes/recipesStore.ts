import { create } from 'zustand'
import type { OptionValues } from '../../../core/contract/recipes.ts'

export type RecipeTab = 'steps' | 'text' | 'runs'

/** What a person set at a recipe; null: as in the run that is shown. */
interface Form {
  readonly options: OptionValues | null
  /** "step.param" -> value */
  readonly set: Readonly<Record<string, unknown>> | null
  /** The run that is shown; null: the newest. */
  readonly runId: number | null
}

interface RecipesState {
  readonly projectId: string | null
  readonly name: string | null
  readonly typed: string
  readonly tab: RecipeTab
  readonly step: string | null
  readonly forms: Readonly<Record<string, Form>>
  /** Text that is not saved yet, by recipe. */
  readonly drafts: Readonly<Record<string, string>>
  /** The job that was started here last, by recipe. */
  readonly started: Readonly<Record<string, number>>
  /** The search for a constant, by "recipe step.param". */
  readonly calibrations: Readonly<Record<string, number>>
  /** The result that is open as a table. */
  readonly table: number | null
  /** What the dialog "save as a copy" would save. */
  readonly copying: 'plain' | 'values' | null
  /** Runs marked for comparison, at most two, the older mark first. */
  readonly marked: readonly number[]
}

const fresh: Omit<RecipesState, 'projectId'> = {
  name: null, typed: '', tab: 'steps', step: null, forms: {}, drafts: {}, started: {}, calibrations: {}, table: null, copying: null, marked: []
}
const untouched: Form = { options: null, set: null, runId: null }

export const useRecipes = create<RecipesState>()(() => ({ projectId: null, ...fresh }))
const { getState: get, setState: set } = useRecipes

/** Forgets everything that was about another project. */
export function startIn(projectId: string): void {
  const now = get()
  if (now.projectId === projectId) return
  // Whoever came by a command that names a recipe has chosen already.
  set({ ...fresh, projectId, name: now.projectId === null ? now.name : null })
}

export const formOf = (state: Pick<RecipesState, 'forms'>, name: string): Form => state.forms[name] ?? untouched

export function choose(name: string): void {
  if (get().name !== name) set({ name, step: null, table: null, marked: [] })
}

export const showTab = (tab: RecipeTab): void => set({ tab })
export const selectStep = (step: string | null): void => set({ step })

function changeForm(name: string, patch: Partial<Form>): void {
  set((now) => ({ forms: { ...now.forms, [name]: { ...formOf(now, name), ...patch } } }))
}

export const setOptions = (name: string, options: OptionValues): void => changeForm(name, { options })
export const setParams = (name: string, params: Readonly<Record<string, unknown>>): void => changeForm(name, { set: params })

/** Shows a run with its own options and parameters; null: the newest, whatever it is. */
export const showRun = (name: string, runId: number | null): void => set((now) => ({ forms: { ...now.forms, [name]: { ...untouched, runId } } }))

/** The newest run is shown, which is that of the job once it has begun; what was asked for stays in the form. */
export const runStarted = (name: string, jobId: number, asked: Partial<Pick<Form, 'options' | 'set'>> = {}): void => set((now) => ({
  forms: { ...now.forms, [name]: { ...formOf(now, name), ...asked, runId: null } }, started: { ...now.started, [name]: jobId }, tab: 'steps'
}))

export function setDraft(name: string, text: string | null): void {
  set(({ drafts }) => {
    const { [name]: _, ...rest } = drafts
    return { drafts: text === null ? rest : { ...rest, [name]: text } }
  })
}

export const calibrationKey = (name: string, place: string): string => `${name} ${place}`
export const calibrationStarted = (name: string, place: string, jobId: number): void => set(({ calibrations }) => ({ calibrations: { ...calibrations, [calibrationKey(name, place)]: jobId } }))

export function forgetCalibration(name: string, place: string): void {
  set(({ calibrations }) => {
    const { [calibrationKey(name, place)]: _, ...rest } = calibrations
    return { calibrations: rest }
  })
}

/** Marks a run for comparison, or takes the mark off; the third mark takes the place of the first. */
export function toggleMark(runId: number): void {
  set(({ marked }) => ({ marked: marked.includes(runId) ? marked.filter((one) => one !== runId) : [...marked, runId].slice(-2) }))
}
