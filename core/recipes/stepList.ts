/** Every step type, one line each; loaded only when a recipe is looked at or run. */
import type { StepModule } from './step.ts'

export const stepModules: Readonly<Record<string, () => Promise<StepModule>>> = {
  'apply-vetoes': () => import('./steps/apply-vetoes.ts'),
  'clean-cell': () => import('./steps/clean-cell.ts'),
  'clean-sweep': () => import('./steps/clean-sweep.ts'),
  crops: () => import('./steps/crops.ts'),
  'distractor-ban': () => import('./steps/distractor-ban.ts'),
  embed: () => import('./steps/embed.ts'),
  'filter-pairs': () => import('./steps/filter-pairs.ts'),
  'label-check': () => import('./steps/label-check.ts'),
  labels: () => import('./steps/labels.ts'),
  metric: () => import('./steps/metric.ts'),
  'mutual-neighbours': () => import('./steps/mutual-neighbours.ts'),
  'pair-pseudo-labels': () => import('./steps/pair-pseudo-labels.ts'),
  'same-label-neighbours': () => import('./steps/same-label-neighbours.ts'),
  select: () => import('./steps/select.ts'),
  'soft-vote': () => import('./steps/soft-vote.ts'),
  truth: () => import('./steps/truth.ts')
}
