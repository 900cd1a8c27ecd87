import type { MetricValue } from '../../../../core/contract/recipes.ts'

export interface MetricRow {
  readonly name: string
  readonly about: string
  readonly value: number | null
  /** What it is compared with; undefined where that does not have it. */
  readonly other: number | null | undefined
  /** value - other, where both are there. */
  readonly difference: number | null
  /** null: neither better nor worse. */
  readonly better: boolean | null
}

/** Numbers of one run beside those of another (or of a trial), in the order of the first. */
export function metricRows(values: readonly MetricValue[], others: readonly MetricValue[] | undefined): MetricRow[] {
  return values.map(({ name, about, value, higherIsBetter }) => {
    const other = others?.find((one) => one.name === name)?.value
    const difference = value === null || other === null || other === undefined ? null : value - other
    return { name, about, value, other, difference, better: difference === null || Math.abs(difference) < 5e-7 ? null : difference > 0 === higherIsBetter }
  })
}

/** "0.9124", "12", "not defined" */
export const metricText = (value: number | null | undefined): string => (value === undefined ? '–' : value === null ? 'not defined' : Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(4))

/** "+0.0120", "−0.5", "same" */
export function differenceText(difference: number | null): string {
  if (difference === null) return ''
  if (Math.abs(difference) < 5e-5) return difference === 0 ? 'same' : '≈ same'
  const size = Math.abs(difference)
  return `${difference > 0 ? '+' : '−'}${Number.isInteger(size) ? size.toLocaleString('en-US') : size.toFixed(4)}`
}

/** The headline of a recipe in the list: its first two numbers, or what it says in words. */
export const shortHeadline = (headline: string): string => (/ -?\d+\.\d{4}(, |$)/.test(headline) ? headline.split(', ').slice(0, 2).join(' · ') : headline)
