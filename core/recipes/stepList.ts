/** Every step type, one line each; loaded only when a recipe is looked at or run. */
import type { StepModule } from './step.ts'

export const stepModules: Readonly<Record<string, () => Promise<StepModule>>> = {
  'filter-pairs': () => import('./steps/filter-pairs.ts'),
  crops: () => import('./steps/crops.ts'),
  'label-check': () => import('./steps/label-check.ts'),
  labels: () => import('./steps/labels.ts'),
  select: () => import('./steps/select.ts')
}
