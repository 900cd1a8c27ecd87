import type { MatchSource, MatchSourceInfo } from '../contract/matches.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Project } from '../project/project.ts'
import type { ResultRecord, RunRecord, RunStepRecord } from '../project/repositories/recipes.ts'
import { resultFolder } from '../recipes/executor.ts'
import type { Made, SourceFiles } from './matchBook.ts'

interface DoneStep extends RunStepRecord {
  readonly result: ResultRecord
}

const isListing = ({ result }: DoneStep): boolean => result.kind === 'lists' || result.kind === 'pairs'

async function doneSteps(project: Project, runId: number): Promise<DoneStep[]> {
  const { recipes } = project.read
  const steps = await recipes.steps(runId)
  const done = await Promise.all(steps.map(async (step) => {
    const result = step.resultId === null ? null : await recipes.resultById(step.resultId)
    return result ? [{ ...step, result }] : []
  }))
  return done.flat()
}

/** So many runs are offered, the newest. */
const mostRuns = 30

/** Steps with lists or pairs: the newest run first; within it what the recipe is for, then the others, the last first. */
export async function listSources(project: Project): Promise<MatchSourceInfo[]> {
  const runs = (await project.read.recipes.runs(null)).slice(0, mostRuns)
  const all = await Promise.all(runs.map(async (run) => sourcesOf(run, await doneSteps(project, run.id))))
  return all.flat()
}

function sourcesOf(run: RunRecord, steps: readonly DoneStep[]): MatchSourceInfo[] {
  const listings = steps.filter(isListing)
  // A step of the recipe that runs once for each model stands in a run as step.1, step.2…
  const placeInShows = ({ step }: DoneStep): number => {
    const at = run.body.shows.findIndex((shown) => step === shown || step.startsWith(`${shown}.`))
    return at < 0 ? Infinity : at
  }
  const ordered = listings.toReversed().sort((x, y) => {
    const [one, two] = [placeInShows(x), placeInShows(y)]
    return one === two ? 0 : one - two
  })
  const main = ordered[0]
  return ordered.map((step) => ({
    runId: run.id, step: step.step, recipe: run.recipe, title: run.title, stepTitle: step.title, at: run.startedAt, pairs: pairsOf(step.result),
    hasTruth: steps.some(({ result }) => result.kind === 'truth'), verified: steps.some(({ use }) => use === 'verify'), main: step === main
  }))
}

function pairsOf({ kind, facts }: ResultRecord): number {
  const number = (name: string): number => (typeof facts[name] === 'number' ? (facts[name] as number) : 0)
  return kind === 'pairs' ? number('pairs') : number('queries') * number('k')
}

/** Where the files of a source are. Throws NOT_FOUND where the run is gone, or its step gave no lists or pairs (yet). */
export async function filesOf(project: Project, { runId, step }: MatchSource): Promise<SourceFiles> {
  const steps = await doneSteps(project, runId)
  const listings = steps.filter(isListing)
  const at = listings.findIndex((one) => one.step === step)
  if (at < 0) throw new WinnowError('NOT_FOUND', `The step "${step}" of run ${runId} has no lists or pairs in this project (any more). Choose another result, or run the recipe again.`)
  const made = ({ result: { key, madeAt } }: DoneStep): Made => ({ folder: resultFolder(project.resultsFolder, key), madeAt })
  const before = listings.slice(0, at + 1)
  const verified = before.findLast(({ use }) => use === 'verify') ?? listings.find(({ use }) => use === 'verify')
  const truth = steps.find(({ result }) => result.kind === 'truth')
  return {
    trail: before.map((one) => ({ step: one.step, title: one.title, ...made(one) })),
    verified: verified ? made(verified) : null,
    truth: truth ? made(truth) : null,
    parts: steps.filter(({ result }) => result.kind === 'parts').map(made)
  }
}
