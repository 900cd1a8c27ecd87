import type { CleanGridSummary, CleanImage } from '../../../core/contract/clean.ts'
import type { VerdictValue } from '../../../core/contract/images.ts'
import { decide } from '../../app/decide.ts'
import type { Action } from '../../app/scopes.ts'
import { changeSweep, changeTrial, goToCell, goToPicture, openPicture, stepBack, togglePin, useClean } from './cleanStore.ts'
import { measureWords } from './cleanWords.ts'
import { firstCell, type Move, moved, movedPicture, measures, needsTruth, trialOf } from './gridRules.ts'
import type { Sweep } from './useSweep.ts'

const store = useClean.getState

export interface CleanHands {
  readonly sweep: Sweep | null
  readonly grids: readonly CleanGridSummary[]
  /** How many pictures each sheet holds, and how many stand side by side in one. */
  readonly counts: Readonly<Record<'kept' | 'dropped', number>>
  readonly columns: number
  /** The picture at the cursor. */
  readonly here: CleanImage | undefined
  readonly pairs: number
  readonly findClass: () => void
  readonly choose: () => void
  readonly canChoose: () => boolean
  readonly matches: () => void
}

function decideHere(imageId: number, value: VerdictValue | null): void {
  void decide({ kind: 'verdict', selection: { ids: [imageId] }, value }, { optimistic: { ids: [imageId], patch: (row) => ({ ...row, verdict: value, verdictReason: null }) } })
}

/** All that can be done in the Clean room, by where the keys are: in the grid, among the pictures, at one picture's pairs. */
export function cleanActions({ sweep, grids, counts, columns, here, pairs, findClass, choose, canChoose, matches }: CleanHands): Action[] {
  const some = (): boolean => sweep !== null
  const inGrid = (): boolean => some() && store().zone === 'grid' && !store().opened
  const inPictures = (): boolean => some() && store().zone === 'pictures' && !store().opened
  const atPairs = (): boolean => store().opened !== null
  const image = (): number | undefined => store().opened?.imageId ?? (store().zone === 'pictures' ? here?.imageId : undefined)

  const move = (to: Move): void => {
    const { opened, zone, picture } = store()
    if (!sweep) return
    if (opened) {
      const step = { left: -1, up: -1, right: 1, down: 1, home: -Infinity, top: -Infinity, end: Infinity, bottom: Infinity }[to]
      useClean.setState({ opened: { ...opened, pair: Math.max(0, Math.min(pairs - 1, opened.pair + step)) } })
    } else if (zone === 'pictures') goToPicture(movedPicture(picture, to, counts, columns))
    else goToCell(moved(sweep.grid, sweep.at, to))
  }
  const step = (to: 'next' | 'previous'): void => {
    if (store().opened) move(to === 'next' ? 'right' : 'left')
    else if (counts.kept + counts.dropped > 0) goToPicture(store().zone === 'pictures' ? movedPicture(store().picture, to, counts, columns) : startOf(counts))
  }
  const least = (by: number): void => {
    if (!sweep) return
    const now = sweep.trial?.leastImages ?? sweep.base.leastImages
    changeTrial(trialOf(sweep.base, { ...sweep.trial, leastImages: Math.max(1, Math.min(1000, now + by)) }))
  }
  /** One key decides and shows what comes next; who looks at a picture's pairs stays with it. */
  const judge = (value: VerdictValue | null): void => {
    const id = image()
    if (id === undefined) return
    decideHere(id, value)
    if (value !== null && inPictures()) step('next')
  }
  const open = (): void => {
    const id = here?.imageId
    if (id !== undefined) openPicture(id)
  }
  const moves: readonly (readonly [Move, string, string])[] = [
    ['left', 'Left', 'Left: fewer pairs wanted'], ['right', 'Right', 'Right: more pairs wanted'], ['up', 'Up', 'Up: weaker pairs count'], ['down', 'Down', 'Down: only stronger pairs count'],
    ['home', 'Home', 'First of the row'], ['end', 'End', 'Last of the row'], ['top', 'PageUp', 'Mildest row'], ['bottom', 'PageDown', 'Strictest row']
  ]
  return [
    { id: 'clean.choose', title: 'Choose this cell: drop what it does not keep', keys: ['Mod+Enter'], hint: 'choose this cell', group: 'Decide', when: () => some() && canChoose(), run: choose },
    { id: 'clean.into', title: 'Look at the pictures of this cell', keys: ['Enter'], hint: 'pictures', group: 'Look', when: inGrid, run: () => goToPicture(startOf(counts)) },
    { id: 'clean.open', title: 'What speaks for this picture', keys: ['Enter', 'Space'], hint: 'evidence', group: 'Look', when: () => inPictures() && here !== undefined, run: open },
    { id: 'clean.keep', title: 'Keep this picture, whatever the cell says', keys: ['P'], hint: 'keep', group: 'Decide', when: () => image() !== undefined, run: () => judge('keep') },
    { id: 'clean.drop', title: 'Drop this picture', keys: ['X'], hint: 'drop', group: 'Decide', when: () => image() !== undefined, run: () => judge('drop') },
    { id: 'clean.clear', title: 'Clear the verdict of this picture', keys: ['U'], group: 'Decide', when: () => image() !== undefined, run: () => judge(null) },
    { id: 'clean.matches', title: 'Show the matches of this picture in the Matches room', keys: ['O'], group: 'Look', when: atPairs, run: matches },
    { id: 'clean.compare', title: 'Compare: what changes from this cell to another', keys: ['C'], hint: store().pinned ? 'compare no longer' : 'compare', group: 'Look', when: some, run: () => { if (sweep) togglePin(sweep.at) } },
    { id: 'clean.class', title: 'Find a class and look at it alone', keys: ['/'], hint: 'class', group: 'Look', when: some, run: findClass },
    { id: 'clean.back', title: 'One step back: pairs, pictures, class, comparison', keys: ['Esc'], group: 'Look', when: () => some() && (store().opened !== null || store().zone === 'pictures' || store().label !== null || store().pinned !== null), run: () => void stepBack() },
    ...measures.map((measure, i): Action => ({ id: `clean.measure.${measure}`, title: `Colour the grid by ${measureWords[measure].toLowerCase()}`, keys: [String(i + 1)], group: 'Look', when: () => some() && (!needsTruth(measure) || Boolean(sweep?.grid.truth)), run: () => useClean.setState({ measure }) })),
    { id: 'clean.recipe-cell', title: 'Go to the recipe’s own cell', keys: ['G'], group: 'Move', when: () => Boolean(sweep?.grid.recipeCell), run: () => { if (sweep) goToCell(firstCell(sweep.grid)) } },
    { id: 'clean.least-down', title: 'A class needs one clean image less', keys: ['['], group: 'What if', when: some, run: () => least(-1) },
    { id: 'clean.least-up', title: 'A class needs one clean image more', keys: [']'], group: 'What if', when: some, run: () => least(1) },
    { id: 'clean.thresholds', title: 'Other thresholds…', keys: ['T'], group: 'What if', when: some, run: () => useClean.setState({ editing: true }) },
    { id: 'clean.as-run', title: 'The sweep as the run made it', group: 'What if', when: () => store().trial !== null, run: () => changeTrial(null) },
    { id: 'clean.again', title: 'Run the cleaning again…', keys: ['Shift+R'], group: 'Run', when: some, run: () => useClean.setState({ asking: true }) },
    ...grids.filter(({ resultId }) => resultId !== sweep?.base.resultId).map((one): Action => ({ id: `clean.sweep.${one.resultId}`, title: `Sweep by ${one.evidence === 'inliers' ? 'inliers' : 'mutual ranks'} of run ${one.runId}: ${one.title}`, group: 'Look', run: () => changeSweep(one.resultId) })),
    ...moves.map(([to, key, title]): Action => ({ id: `clean.${to}`, title, keys: [key], group: 'Move', quiet: true, repeat: true, when: some, run: () => move(to) })),
    { id: 'clean.next', title: 'Next picture or pair', keys: ['J', 'F'], group: 'Move', quiet: true, when: some, run: () => step('next') },
    { id: 'clean.previous', title: 'Previous picture or pair', keys: ['K', 'D'], group: 'Move', quiet: true, when: some, run: () => step('previous') }
  ]
}

/** Where the hand lands among the pictures: at the first that would go, for those are to be judged. */
const startOf = (counts: CleanHands['counts']) => ({ side: counts.dropped > 0 || counts.kept === 0 ? 'dropped' as const : 'kept' as const, index: 0 })
