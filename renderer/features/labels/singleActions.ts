import type { LabelItem } from '../../../core/contract/labels.ts'
import type { Action } from '../../app/scopes.ts'
import { digitOf, digits } from '../../components/digitKeys.ts'
import { shownCandidates } from './shownCandidates.ts'
import { type Answer, changeQueue, goTo, useLabels } from './labelsStore.ts'

interface Place {
  readonly item: LabelItem | null | undefined
  readonly count: number
  readonly answer: (answer: Answer) => void
}

const classAnswer = (item: LabelItem, index: number): Answer => ({ state: 'class', classId: item.candidates[index]!.classId, className: item.candidates[index]!.className })

/** The keys of the queue: one key decides and goes on. */
export function singleActions({ item, count, answer }: Place): Action[] {
  const here = (): boolean => item !== undefined && item !== null
  const move = (to: number): void => goTo(Math.min(to, Math.max(0, count - 1)), count)
  const at = (): number => useLabels.getState().at
  return [
    { id: 'labels.accept', title: 'Accept the first candidate', keys: ['P', 'Enter'], hint: 'accept', group: 'Decide', when: () => here() && item!.candidates.length > 0, run: () => answer(classAnswer(item!, 0)) },
    {
      id: 'labels.pick', title: 'Pick the candidate of this number', keys: digits, hint: 'pick', group: 'Decide', quiet: true, when: here,
      run: (event) => { const index = digitOf(event) - 1; if (item && shownCandidates(item)[index]) answer(classAnswer(item, index)) }
    },
    { id: 'labels.none', title: 'None of the classes', keys: ['0', 'X'], hint: 'none', group: 'Decide', when: here, run: () => answer({ state: 'none' }) },
    { id: 'labels.unsure', title: 'Skip: unsure', keys: ['S'], hint: 'unsure', group: 'Decide', when: here, run: () => answer({ state: 'unsure' }) },
    { id: 'labels.clear', title: 'Clear what was said', keys: ['U'], group: 'Decide', when: here, run: () => answer({ state: 'clear' }) },
    {
      id: 'labels.repeat', title: 'Repeat the last label', keys: ['R'], hint: 'repeat', group: 'Decide', when: () => here() && useLabels.getState().last !== null,
      run: () => { const { last } = useLabels.getState(); if (last) answer(last) }
    },
    { id: 'labels.find', title: 'Find or add a class', keys: ['/'], hint: 'find class', group: 'Decide', when: here, run: () => useLabels.setState({ picking: true }) },
    { id: 'labels.next', title: 'Next image', keys: ['Right', 'J', 'F', 'Down'], group: 'Move', quiet: true, run: () => move(at() + 1) },
    { id: 'labels.previous', title: 'Previous image', keys: ['Left', 'K', 'D', 'Up'], group: 'Move', quiet: true, run: () => move(at() - 1) },
    { id: 'labels.first', title: 'First image', keys: ['Home'], group: 'Move', quiet: true, run: () => move(0) },
    { id: 'labels.last', title: 'Last image', keys: ['End'], group: 'Move', quiet: true, run: () => move(count - 1) },
    {
      id: 'labels.sheet', title: 'Contact sheet of this class', keys: ['G'], hint: 'sheet', group: 'Look',
      run: () => changeQueue({ mode: 'sheet', sheetClassId: useLabels.getState().classId ?? item?.candidates[0]?.classId ?? null })
    }
  ]
}
