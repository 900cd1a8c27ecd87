import type { Calibration } from '../../../../core/contract/recipes.ts'

/** What a finished search for a constant answered; null for anything else. */
export function calibrationOf(data: unknown): Calibration | null {
  if (typeof data !== 'object' || data === null || !('trials' in data) || !('best' in data)) return null
  const found = data as Calibration
  return Array.isArray(found.trials) && typeof found.best === 'number' ? found : null
}

export const shortNumber = (value: number): string => String(Number(value.toPrecision(4)))
