/** A number for the table of results; `value` null where it is not defined for this data. The contract's MetricValue, with all fields. */
export interface MeasuredValue {
  readonly name: string
  readonly value: number | null
  readonly about: string
  readonly higherIsBetter: boolean
}

export interface MeasuredCurve {
  readonly name: string
  readonly xTitle: string
  readonly yTitle: string
  readonly x: Float64Array
  readonly y: Float64Array
  readonly thresholds?: Float64Array
}

/** What one measurement found. */
export interface MetricReport {
  /** The main number first. */
  readonly values: readonly MeasuredValue[]
  readonly curves: readonly MeasuredCurve[]
  /** What was left out of it, in words. */
  readonly notes: readonly string[]
}

/** A share, a mean or a score: the higher the better. Infinities and NaN are no numbers for a table. */
export const value = (name: string, number: number | null, about: string): MeasuredValue =>
  ({ name, value: number !== null && Number.isFinite(number) ? number : null, about, higherIsBetter: true })

export const lowerIsBetter = (name: string, number: number | null, about: string): MeasuredValue => ({ ...value(name, number, about), higherIsBetter: false })

export const plural = (number: number, one: string, many = `${one}s`): string => `${number.toLocaleString('en')} ${number === 1 ? one : many}`
