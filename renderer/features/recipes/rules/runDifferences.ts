import type { RunDetails } from '../../../../core/contract/recipes.ts'
import { sameValue } from './options.ts'

export interface Difference {
  /** "Model", "matches.k" */
  readonly what: string
  readonly a: unknown
  readonly b: unknown
}

/** What was set otherwise in run a than in run b: options first, then parameters step by step. */
export function runDifferences(a: RunDetails, b: RunDetails): Difference[] {
  const options = [...new Set([...Object.keys(a.recipeBody.options), ...Object.keys(b.recipeBody.options)])].map((name) => {
    const option = a.recipeBody.options[name] ?? b.recipeBody.options[name]
    return { what: option?.title ?? name, a: a.options[name] ?? a.recipeBody.options[name]?.default, b: b.options[name] ?? b.recipeBody.options[name]?.default }
  })
  const steps = [...new Set([...a.steps, ...b.steps].map(({ step }) => step))].flatMap((step) => {
    const [inA, inB] = [a, b].map((run) => run.steps.find((one) => one.step === step))
    if (!inA || !inB) return [{ what: step, a: inA ? inA.title : undefined, b: inB ? inB.title : undefined }]
    return [...new Set([...Object.keys(inA.params), ...Object.keys(inB.params)])].map((param) => ({ what: `${step}.${param}`, a: inA.params[param], b: inB.params[param] }))
  })
  // A step that learned a switch since the older run had it off then, too.
  return [...options, ...steps].filter((one) => !sameValue(one.a ?? false, one.b ?? false))
}

/** A value for the eye. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return '–'
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value === '' ? '(empty)' : value
  return Array.isArray(value) ? value.map(valueText).join(', ') : JSON.stringify(value)
}
