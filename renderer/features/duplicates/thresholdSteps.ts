/** One press of [ or ]. Half a hundredth: about one bar of the histogram. */
export const THRESHOLD_STEP = 0.005

/** The threshold moved by `steps`, on the grid of steps, within [floor, 1]. */
export function nudgeThreshold(threshold: number, steps: number, floor: number): number {
  const moved = (Math.round(threshold / THRESHOLD_STEP) + steps) * THRESHOLD_STEP
  return Math.round(Math.min(1, Math.max(floor, moved)) * 1000) / 1000
}
