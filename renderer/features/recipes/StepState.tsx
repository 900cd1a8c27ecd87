import { IconCheck, IconCircle, IconCircleDashed, IconFlask, IconPlayerPlayFilled, IconRestore, IconX } from '@tabler/icons-react'
import type { StepState as State } from './rules/shownSteps.ts'
import css from './StepList.module.css'

const marks = {
  waiting: { icon: IconCircleDashed, words: 'waits' },
  running: { icon: IconPlayerPlayFilled, words: 'runs now' },
  done: { icon: IconCheck, words: 'done in this run' },
  kept: { icon: IconRestore, words: 'kept from before' },
  failed: { icon: IconX, words: 'failed' },
  'to-run': { icon: IconCircle, words: 'to run' },
  tried: { icon: IconFlask, words: 'tried with the values set' }
} as const satisfies Record<State, unknown>

export const stateWords = (state: State): string => marks[state].words

/** How a step stands, by shape and colour. */
export function StepState({ state }: { state: State }) {
  const { icon: Icon, words } = marks[state]
  return <span className={css.state} data-state={state} role="img" aria-label={words} title={words}><Icon size={14} stroke={2.2} /></span>
}
