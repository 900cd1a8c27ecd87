import type { Candidate, MatchDecision, MatchSourceInfo, QueryOrder } from '../../../core/contract/matches.ts'
import type { Action } from '../../app/scopes.ts'
import { digitOf, digits } from '../../components/digitKeys.ts'
import { actualPixels, FIT, panBy, type Size, zoomAt } from '../../components/compare/zoom.ts'
import { sayOf } from './matchActs.ts'
import { orderWords } from './matchWords.ts'
import { changeList, changeSource, goToQuery, goToReference, renewList, useMatches } from './matchesStore.ts'
import { nudgeMode, toggleLines, toggleMode, useStage } from './stageStore.ts'

interface Place {
  readonly query: number | undefined
  readonly candidates: readonly Candidate[]
  readonly current: Candidate | undefined
  /** Queries on the list. */
  readonly count: number
}

const store = useMatches.getState

/** One key decides, and the next query is there. */
export function decisionActions({ query, candidates, current, count }: Place): Action[] {
  const here = (): boolean => query !== undefined && current !== undefined
  const next = (): void => goToQuery(store().at + 1, count)
  const say = (value: MatchDecision | null): void => { if (query !== undefined && current) void sayOf(query, [current.image.id], value) }
  return [
    { id: 'matches.accept', title: 'Accept: these two match', keys: ['P', 'Enter'], hint: 'match', group: 'Decide', when: here, run: () => { say('same'); next() } },
    {
      id: 'matches.reject', title: 'Reject: these two do not match; then the next reference', keys: ['X'], hint: 'no match', group: 'Decide', when: here,
      run: () => {
        say('different')
        if (store().reference + 1 < candidates.length) goToReference(store().reference + 1, candidates.length)
        else next()
      }
    },
    {
      id: 'matches.none', title: 'None of the shown references matches', keys: ['Shift+X'], hint: 'none', group: 'Decide', when: here,
      run: () => {
        const open = candidates.filter((one) => one.decision === null || one === current).map((one) => one.image.id)
        if (query !== undefined) void sayOf(query, open, 'different')
        next()
      }
    },
    { id: 'matches.variant', title: 'Variant: related, but no match', keys: ['V'], hint: 'variant', group: 'Decide', when: here, run: () => { say('variant'); next() } },
    { id: 'matches.clear', title: 'Clear what was said of these two', keys: ['U'], group: 'Decide', when: here, run: () => say(null) },
    { id: 'matches.skip', title: 'Skip to the next query', keys: ['S'], hint: 'skip', group: 'Decide', when: () => query !== undefined, run: next },
    { id: 'matches.veto', title: 'Veto this reference, the query or the pair', keys: ['B'], hint: 'veto', group: 'Decide', when: here, run: () => useMatches.setState({ dialog: 'veto' }) }
  ]
}

/** Moving among queries and references. */
export function moveActions({ candidates, count }: Place, page: number): Action[] {
  const some = (): boolean => count > 0
  const to = (at: number): void => goToQuery(Math.min(at, count - 1), count)
  const reference = (step: number): void => goToReference(store().reference + step, candidates.length)
  return [
    { id: 'matches.next', title: 'Next query', keys: ['Down', 'J', 'F'], group: 'Move', quiet: true, when: some, run: () => to(store().at + 1) },
    { id: 'matches.previous', title: 'Previous query', keys: ['Up', 'K', 'D'], group: 'Move', quiet: true, when: some, run: () => to(store().at - 1) },
    { id: 'matches.right', title: 'Next reference', keys: ['Right'], group: 'Move', quiet: true, when: some, run: () => reference(1) },
    { id: 'matches.left', title: 'Previous reference', keys: ['Left'], group: 'Move', quiet: true, when: some, run: () => reference(-1) },
    { id: 'matches.number', title: 'The reference of this number', keys: digits, group: 'Move', quiet: true, when: some, run: (event) => { const index = digitOf(event) - 1; if (index < candidates.length) goToReference(index, candidates.length) } },
    { id: 'matches.page-down', title: 'A page of queries down', keys: ['PageDown'], group: 'Move', quiet: true, when: some, run: () => to(store().at + page) },
    { id: 'matches.page-up', title: 'A page of queries up', keys: ['PageUp'], group: 'Move', quiet: true, when: some, run: () => to(store().at - page) },
    { id: 'matches.first', title: 'First query', keys: ['Home'], group: 'Move', quiet: true, when: some, run: () => to(0) },
    { id: 'matches.last', title: 'Last query', keys: ['End'], group: 'Move', quiet: true, when: some, run: () => to(count - 1) },
    { id: 'matches.renew', title: 'Put away what is decided', keys: ['Shift+R'], group: 'Move', run: renewList },
    { id: 'matches.export', title: 'Export these matches', keys: ['Shift+E'], group: 'Bulk', run: () => useMatches.setState({ dialog: 'export' }) },
    { id: 'matches.vetoes', title: 'Veto lists', keys: ['Shift+B'], group: 'Decide', run: () => useMatches.setState({ dialog: 'veto-lists' }) }
  ]
}

/** What is listed, and in which order: in the palette by name, as the fields of the screen have no keys of their own. */
export function listActions(sources: readonly MatchSourceInfo[], { hasTruth }: MatchSourceInfo): Action[] {
  const states = [['open', 'Show open queries'], ['decided', 'Show decided queries'], ['all', 'Show all queries']] as const
  const orders = (Object.entries(orderWords) as [QueryOrder, string][]).filter(([order]) => hasTruth || order !== 'wrong-first')
  return [
    ...states.map(([state, title]): Action => ({ id: `matches.state.${state}`, title, group: 'List', run: () => changeList({ state }) })),
    ...orders.map(([order, title]): Action => ({ id: `matches.order.${order}`, title: `Order of queries: ${title.toLowerCase()}`, group: 'List', run: () => changeList({ order }) })),
    ...sources.map(({ runId, step, stepTitle, title }): Action => ({ id: `matches.source.${runId}.${step}`, title: `Result: ${stepTitle} (${step}, run ${runId}, ${title})`, group: 'List', run: () => changeSource({ runId, step }) }))
  ]
}

const zoomStep = 1.25
const panStep = 80

/** Ways to look at the two pictures. `picture` lies in `pane` and bounds zoom and pan. */
export function stageActions(picture: Size, pane: Size): Action[] {
  const zoom = (factor: number): void => useStage.setState(({ look }) => ({ look: zoomAt(look, factor, { x: pane.width / 2, y: pane.height / 2 }, picture, pane) }))
  const pan = (dx: number, dy: number): void => useStage.setState(({ look }) => ({ look: panBy(look, dx, dy, picture, pane) }))
  return [
    {
      id: 'stage.flick', title: 'Flick: hold to see the other picture in the same place', keys: ['Space'], hint: 'flick', group: 'Look',
      run: () => useStage.setState({ mode: 'flick', flicked: true }), release: () => useStage.setState({ flicked: false })
    },
    { id: 'stage.lines', title: 'Lines between points that agree', keys: ['Y'], hint: 'lines', group: 'Look', run: toggleLines },
    { id: 'stage.split', title: 'Split slider', keys: ['\\'], group: 'Look', run: () => toggleMode('split') },
    { id: 'stage.onion', title: 'Onion skin (Shift and wheel: opacity)', keys: ['O'], hint: 'onion', group: 'Look', run: () => toggleMode('onion') },
    { id: 'stage.difference', title: 'Absolute difference', keys: ['I'], group: 'Look', run: () => toggleMode('difference') },
    { id: 'stage.side', title: 'Side by side', keys: ['C'], group: 'Look', run: () => useStage.setState({ mode: 'side' }) },
    { id: 'stage.swap', title: 'Swap: lay the query over the reference', keys: ['W'], group: 'Look', run: () => useStage.setState(({ swapped }) => ({ swapped: !swapped, look: FIT })) },
    { id: 'stage.bare', title: 'Hide boxes and lines', keys: ['H'], group: 'Look', run: () => useStage.setState(({ bare }) => ({ bare: !bare })) },
    { id: 'stage.table', title: 'Table of what differs', keys: ['T'], group: 'Look', run: () => useStage.setState(({ table }) => ({ table: !table })) },
    { id: 'stage.wide', title: 'Only the pictures', keys: ['E'], group: 'Look', run: () => useStage.setState(({ wide }) => ({ wide: !wide })) },
    { id: 'stage.fit', title: 'Fit, or one pixel on one pixel', keys: ['Z'], group: 'Look', run: () => useStage.setState(({ look }) => ({ look: look.zoom > 1 ? FIT : actualPixels(FIT, picture, pane, window.devicePixelRatio) })) },
    { id: 'stage.in', title: 'Zoom in', keys: ['+'], group: 'Look', quiet: true, run: () => zoom(zoomStep) },
    { id: 'stage.out', title: 'Zoom out', keys: ['-'], group: 'Look', quiet: true, run: () => zoom(1 / zoomStep) },
    { id: 'stage.less', title: 'Move the split or the opacity down', keys: [','], group: 'Look', quiet: true, repeat: true, run: () => nudgeMode(-0.05) },
    { id: 'stage.more', title: 'Move the split or the opacity up', keys: ['.'], group: 'Look', quiet: true, repeat: true, run: () => nudgeMode(0.05) },
    { id: 'stage.pan-left', title: 'Look further left', keys: ['Shift+Left'], group: 'Look', quiet: true, run: () => pan(panStep, 0) },
    { id: 'stage.pan-right', title: 'Look further right', keys: ['Shift+Right'], group: 'Look', quiet: true, run: () => pan(-panStep, 0) },
    { id: 'stage.pan-up', title: 'Look further up', keys: ['Shift+Up'], group: 'Look', quiet: true, run: () => pan(0, panStep) },
    { id: 'stage.pan-down', title: 'Look further down', keys: ['Shift+Down'], group: 'Look', quiet: true, run: () => pan(0, -panStep) },
    { id: 'stage.back', title: 'Back to side by side', keys: ['Esc'], group: 'Look', quiet: true, when: () => useStage.getState().mode !== 'side' || useStage.getState().wide, run: () => useStage.setState({ mode: 'side', wide: false, look: FIT }) }
  ]
}
