import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Job } from '../../../core/contract/jobs.ts'
import type { OptionValues, Recipe, RecipePlan, RunDetails, RunSummary, StepType, WhatIf } from '../../../core/contract/recipes.ts'
import { useJobs } from '../../app/queries.ts'
import { recipeQueries } from './recipeQueries.ts'
import { formOf, useRecipes } from './recipesStore.ts'
import { knownOptions, knownSet, sameOptions, sameValue } from './rules/options.ts'
import { outline, type ShownStep, shownSteps } from './rules/shownSteps.ts'
import { trialSet } from './rules/trialSet.ts'

/** Everything about the recipe that is chosen: as it is written, as it is asked for, as it ran. */
export interface RecipeView {
  readonly name: string
  readonly builtIn: boolean
  readonly saved: Recipe
  /** What a run would run: the text in the editor where it is a recipe, else as saved. */
  readonly body: Recipe
  readonly isDraft: boolean
  readonly options: OptionValues
  readonly set: Readonly<Record<string, unknown>>
  readonly runs: readonly RunSummary[]
  readonly run: RunDetails | undefined
  readonly job: Job | undefined
  readonly goesOn: boolean
  /** Nothing else is asked for than the run had. */
  readonly asRun: boolean
  readonly plan: RecipePlan | undefined
  readonly planError: Error | null
  readonly steps: readonly ShownStep[]
  /** What is asked for differs from the run in parameters alone: "step.param" -> value. */
  readonly changes: Readonly<Record<string, unknown>>
  readonly trial: WhatIf | undefined
  readonly trying: boolean
  readonly trialError: Error | null
  readonly types: ReadonlyMap<string, StepType>
}

const unfinished: ReadonlySet<Job['state']> = new Set(['queued', 'running'])
export const isUnfinished = (job: Job | undefined): boolean => job !== undefined && unfinished.has(job.state)
const noTypes: StepType[] = []
const nothing = {}

export function useRecipe(name: string | null): { view: RecipeView | null; error: Error | null } {
  const read = useQuery({ ...recipeQueries.read(name ?? ''), enabled: name !== null })
  const catalogue = useQuery(recipeQueries.catalogue)
  const { body, isDraft } = useBody(name, read.data?.recipe)
  const form = useRecipes((state) => formOf(state, name ?? ''))
  const { runs, run, job, goesOn } = useRun(name, form.runId)

  const ready = body ?? null
  const options = useMemo(() => (ready ? knownOptions(ready, form.options ?? run?.options ?? nothing) : nothing), [ready, form.options, run?.options])
  const set = useMemo(() => (ready ? knownSet(ready, form.set ?? run?.overrides ?? nothing) : nothing), [ready, form.set, run?.overrides])
  const wanted = useMemo(() => (ready ? { ready, options, set } : null), [ready, options, set])
  const [asked] = useDebouncedValue(wanted, 250, { leading: true })
  const plan = useQuery({
    ...recipeQueries.plan(asked?.ready ?? emptyRecipe, asked?.options ?? nothing, asked?.set ?? nothing), enabled: asked !== null && !goesOn, placeholderData: keepPreviousData
  })
  // The plan of the recipe that was chosen before says nothing about this one.
  const planned = asked?.ready.name === body?.name ? plan.data : undefined

  const comparable = run !== undefined && run.state === 'done' && body !== undefined && sameValue(body.steps, run.recipeBody.steps) && sameOptions(body, options, run.options)
  const changes = useMemo(() => (comparable && planned && !plan.isPlaceholderData ? trialSet(run, planned, set) : nothing), [comparable, run, planned, set, plan.isPlaceholderData])
  const tries = comparable && Object.keys(changes).length > 0
  const trial = useQuery({ ...recipeQueries.whatIf(run?.runId ?? 0, changes), enabled: tries, placeholderData: keepPreviousData })
  const tried = tries && !trial.isPlaceholderData ? trial.data : undefined

  const asRun = comparable && sameValue(set, run.overrides)
  const made = useMemo(() => shownSteps({ run: run && !goesOn && run.state === 'running' ? { ...run, state: 'cancelled' } : run, plan: planned, trial: tried, asRun }), [run, goesOn, planned, tried, asRun])
  const types = useMemo(() => new Map((catalogue.data ?? noTypes).map((type) => [type.use, type])), [catalogue.data])
  const steps = useMemo(() => (made.length === 0 && body && planned && planned.problems.length > 0 ? outline(body, types) : made), [made, body, planned, types])
  const error = read.error ?? catalogue.error
  if (name === null || !read.data || read.data.recipe.name !== name || !body) return { view: null, error }
  return {
    error,
    view: {
      name, builtIn: read.data.builtIn, saved: read.data.recipe, body, isDraft, options, set, runs, run, job, goesOn, asRun, plan: planned, planError: plan.error, steps, changes,
      trial: tries ? trial.data : undefined, trying: tries && trial.isFetching, trialError: tries ? trial.error : null, types
    }
  }
}

const emptyRecipe: Recipe = { format: 'winnow-recipe-1', name: 'none', title: 'none', about: '', source: '', options: {}, steps: [], shows: [] }

/** The recipe as it would run now. */
function useBody(name: string | null, saved: Recipe | undefined): { body: Recipe | undefined; isDraft: boolean } {
  const draft = useRecipes((state) => (name === null ? undefined : state.drafts[name]))
  const [text] = useDebouncedValue(draft, 250)
  const { data } = useQuery({ ...recipeQueries.check(text ?? ''), enabled: text !== undefined })
  const checked = draft === undefined || text === undefined ? null : (data?.recipe ?? null)
  return checked ? { body: checked, isDraft: true } : { body: saved, isDraft: false }
}

/** The run that is shown, and the job behind it or the one that was just started. */
function useRun(name: string | null, runId: number | null): { runs: readonly RunSummary[]; run: RunDetails | undefined; job: Job | undefined; goesOn: boolean } {
  const { data: runs = [] } = useQuery({ ...recipeQueries.runs(name ?? ''), enabled: name !== null })
  const own = runs.filter(({ recipe }) => recipe === name)
  const shown = own.find((run) => run.runId === runId) ?? own[0]
  const details = useQuery({ ...recipeQueries.run(shown?.runId ?? 0), enabled: shown !== undefined, placeholderData: keepPreviousData })
  const run = details.data?.runId === shown?.runId ? details.data : undefined
  const { data: jobs } = useJobs()
  const startedId = useRecipes((state) => (name === null ? undefined : state.started[name]))
  const started = jobs?.find((job) => job.id === startedId)
  const ofRun = jobs?.find((job) => job.id === shown?.jobId)
  const job = isUnfinished(ofRun) || !started || started.id < (ofRun?.id ?? 0) ? ofRun : started
  return { runs: own, run, job, goesOn: isUnfinished(job) }
}
