import type { MetricValue } from '../contract/recipes.ts'
import type { Project } from '../project/project.ts'
import type { ResultRecord } from '../project/repositories/recipes.ts'

/** The numbers that a metrics result holds. */
const metricsOf = ({ kind, facts }: Pick<ResultRecord, 'kind' | 'facts'>): MetricValue[] => (kind === 'metrics' && Array.isArray(facts['values']) ? (facts['values'] as MetricValue[]) : [])

/** All numbers that a run found; see `namedMetrics`. */
export async function runMetrics(project: Project, shows: readonly string[], runId: number): Promise<MetricValue[]> {
  const measured = await project.read.recipes.measured(runId)
  return namedMetrics(shows, measured.map(({ step, ...result }) => ({ step, result })))
}

/**
 * The numbers of the step that the recipe is for first and under their plain names; the others say their step, so that "uAP" is what the
 * recipe reaches and "plain uAP" what it is compared with.
 */
export function namedMetrics(shows: readonly string[], results: readonly { readonly step: string; readonly result: Pick<ResultRecord, 'kind' | 'facts'> }[]): MetricValue[] {
  const measured = results.filter(({ result }) => result.kind === 'metrics')
  const main = shows.map((shown) => measured.find(({ step }) => step === shown)).find((found) => found !== undefined) ?? measured.at(-1)
  const ordered = [...measured.filter((each) => each === main), ...measured.filter((each) => each !== main)]
  return ordered.flatMap(({ step, result }) => metricsOf(result).map((value) => (step === main?.step ? value : { ...value, name: `${step} ${value.name}` })))
}

/** "uAP 0.912, R@P90 0.874"; null where nothing was measured. */
export function headlineOf(metrics: readonly MetricValue[]): string | null {
  const words = metrics.filter(({ value }) => value !== null).slice(0, 4).map(({ name, value }) => `${name} ${(value ?? 0).toFixed(4)}`)
  return words.length > 0 ? words.join(', ') : null
}

/** What a run found in words, for one that measured nothing: the summary of what the recipe is for. */
export async function mainSummary(project: Project, shows: readonly string[], runId: number): Promise<string | null> {
  const steps = await project.read.recipes.steps(runId)
  const resultId = shows.map((shown) => steps.find(({ step }) => step === shown)?.resultId ?? null).find((id) => id !== null)
  return resultId === undefined || resultId === null ? null : ((await project.read.recipes.resultById(resultId))?.summary ?? null)
}
