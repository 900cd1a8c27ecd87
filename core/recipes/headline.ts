import type { MetricValue } from '../contract/recipes.ts'
import type { Project } from '../project/project.ts'
import type { ResultRecord, RunStepRecord } from '../project/repositories/recipes.ts'

/** The numbers that a metrics result holds. */
export const metricsOf = ({ kind, facts }: Pick<ResultRecord, 'kind' | 'facts'>): MetricValue[] => (kind === 'metrics' && Array.isArray(facts['values']) ? (facts['values'] as MetricValue[]) : [])

/** All numbers that a run found; where several steps measured, each is named by its step. */
export async function runMetrics(project: Project, steps: readonly RunStepRecord[]): Promise<MetricValue[]> {
  const results = await Promise.all(steps.map(async ({ step, resultId }) => ({ step, result: resultId === null ? null : await project.read.recipes.resultById(resultId) })))
  const measured = results.filter(({ result }) => result?.kind === 'metrics')
  return measured.flatMap(({ step, result }) => metricsOf(result as ResultRecord).map((value) => (measured.length > 1 ? { ...value, name: `${step} ${value.name}` } : value)))
}

/** "uAP 0.912, recall at precision 0.9 0.874"; null where nothing was measured. */
export async function headline(project: Project, runId: number): Promise<string | null> {
  const metrics = await runMetrics(project, await project.read.recipes.steps(runId))
  const words = metrics.filter(({ value }) => value !== null).slice(0, 4).map(({ name, value }) => `${name} ${(value ?? 0).toFixed(4)}`)
  return words.length > 0 ? words.join(', ') : null
}
