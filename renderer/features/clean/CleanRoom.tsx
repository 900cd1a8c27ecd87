import { Button, Center, Loader, SegmentedControl, Select } from '@mantine/core'
import { useDebouncedValue, useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { IconRefresh } from '@tabler/icons-react'
import { useEffect, useMemo, useState } from 'react'
import type { CleanImage } from '../../../core/contract/clean.ts'
import { useActions } from '../../app/actions.ts'
import { client } from '../../app/client.ts'
import { inOrder, undo } from '../../app/decide.ts'
import { showDone, showError } from '../../app/notify.tsx'
import { useJobs, useProject } from '../../app/queries.ts'
import { go } from '../../app/route.ts'
import { rowNow } from '../../app/rows.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Room } from '../../components/Room.tsx'
import { changeList, changeSource, startIn as startMatchesIn } from '../matches/matchesStore.ts'
import { CellHeader } from './CellHeader.tsx'
import { ClassList, findClass } from './ClassList.tsx'
import { cleanActions } from './cleanActions.ts'
import { cellQuery } from './cleanQueries.ts'
import { isRunning } from './cleanRun.ts'
import { changeSweep, startIn, useClean } from './cleanStore.ts'
import { measureWords, sweepWords } from './cleanWords.ts'
import { Evidence } from './Evidence.tsx'
import { type Measure, measures, needsTruth, placeWithin } from './gridRules.ts'
import { HeatMap } from './HeatMap.tsx'
import { PictureSheet } from './PictureSheet.tsx'
import { RunCard } from './RunCard.tsx'
import { RunForm } from './RunForm.tsx'
import { SweepSettings } from './SweepSettings.tsx'
import { Uncalibrated } from './Uncalibrated.tsx'
import { type Sweep, useSweep } from './useSweep.ts'
import css from './CleanRoom.module.css'

/** Cleaning: the grid of both thresholds as a heat map, beside it what the cell at the cursor keeps and drops, and one key to choose it. */
export function CleanRoom() {
  const { data: project } = useProject()
  useEffect(() => { if (project) startIn(project.id) }, [project])
  const { grids, sweep, error, retry, trying } = useSweep()
  const asking = useClean((now) => now.asking)
  const jobId = useClean((now) => now.jobId)
  const { data: jobs } = useJobs()
  const job = jobs?.find(({ id }) => id === jobId) ?? (grids?.length === 0 ? jobs?.find((one) => one.kind === 'recipe' && isRunning(one)) : undefined)

  if (error) return <Room><ErrorNote title="The sweeps could not be loaded." error={error} onRetry={retry} /></Room>
  if (!project || !grids) return <Room><Center h="100%"><Loader size="sm" color="gray" /></Center></Room>
  if (project.counts.ready === 0) return <Room><EmptyState title="No images yet" actions={<Button onClick={() => go('library')}>Go to the library</Button>}>Add a folder of images with a folder for each class first.</EmptyState></Room>
  const card = job && job.state !== 'done' ? <div className={css.running}><RunCard job={job} /></div> : null
  if (grids.length === 0 || asking) {
    return <Room>{card}{!isRunning(job) && <RunForm again={grids.length > 0} {...(grids.length > 0 ? { onCancel: () => useClean.setState({ asking: false }) } : {})} />}</Room>
  }
  if (!sweep) return <Room><Center h="100%"><Loader size="sm" color="gray" /></Center></Room>
  return <SweepView grids={grids} sweep={sweep} trying={trying} card={card} projectId={project.id} />
}

/** Of a picture with its words below. */
const pictureWidth = 100
const sheetMargin = 30
const noneHere = 'None.'

function SweepView({ grids, sweep, trying, card, projectId }: { grids: NonNullable<ReturnType<typeof useSweep>['grids']>; sweep: Sweep; trying: ReturnType<typeof useSweep>['trying']; card: React.ReactNode; projectId: string }) {
  const { grid, at, source } = sweep
  const measure = useClean((now) => now.measure)
  const label = useClean((now) => now.label)
  const pinned = useClean((now) => now.pinned)
  const opened = useClean((now) => now.opened)
  // A key that is held runs over many cells; what each holds is asked for where it stops.
  const place = JSON.stringify({ source, at })
  const [settledPlace] = useDebouncedValue(place, 70)
  const settled = useMemo(() => JSON.parse(settledPlace) as Pick<Sweep, 'source' | 'at'>, [settledPlace])
  const { data, isPlaceholderData, error } = useQuery(cellQuery(settled.source, settled.at))
  const cell = isPlaceholderData || place !== settledPlace ? undefined : data
  const { ref: right, width } = useElementSize()
  const columns = Math.max(1, Math.floor((width / 2 - sheetMargin) / pictureWidth))
  const [here, setHere] = useState<CleanImage | undefined>(undefined)
  const [pairs, setPairs] = useState(0)
  const [keptCount, setKeptCount] = useState<number | null>(null)
  const [droppedCount, setDroppedCount] = useState<number | null>(null)

  const picture = useClean((now) => now.picture)
  // The cell or the class has changed under the cursor, and there is no such picture any more.
  useEffect(() => {
    if (keptCount === null || droppedCount === null) return
    const within = placeWithin(picture, { kept: keptCount, dropped: droppedCount })
    if (within !== picture) useClean.setState({ picture: within })
  }, [picture, keptCount, droppedCount])

  const canChoose = (): boolean => cell !== undefined && cell.choice.drops + cell.choice.returns > 0
  const choose = (): void => {
    if (!canChoose()) return
    inOrder(() => client.clean.choose({ resultId: source.resultId, ...at }))
      .then((act) => showDone(act.summary, { label: 'Undo', run: () => void undo() }))
      .catch((reason: unknown) => showError(reason, 'The cell was not chosen.'))
  }
  const matches = (): void => {
    const row = opened ? rowNow(opened.imageId) : undefined
    if (!row) return
    startMatchesIn(projectId)
    if (grid.pairsStep !== null) changeSource({ runId: grid.runId, step: grid.pairsStep })
    changeList({ state: 'all', truth: null, text: row.path })
    go('matches')
  }
  useActions('Clean', cleanActions({ sweep, grids, counts: { kept: keptCount ?? 0, dropped: droppedCount ?? 0 }, columns, here, pairs, findClass, choose, canChoose, matches }))

  const side = (which: 'kept' | 'dropped') => ({ ...settled, side: which, ...(label ? { label: label.label } : {}), ...(pinned ? { against: pinned } : {}) })
  const titles = pinned
    ? { kept: 'Kept here, dropped there', dropped: 'Dropped here, kept there' }
    : { kept: 'Kept', dropped: 'Dropped' }
  const same = pinned ? (pinned.v === at.v && pinned.f === at.f ? 'This is the cell itself: move to another one.' : 'No image changes this way.') : noneHere
  return (
    <Room
      ownScroll
      top={(
        <>
          <Select aria-label="Sweep" w={330} data={grids.map((one) => ({ value: String(one.resultId), label: sweepWords(one) }))} value={String(sweep.base.resultId)} onChange={(value) => value !== null && changeSweep(Number(value))} />
          <SegmentedControl aria-label="Colour by" value={needsTruth(measure) && !grid.truth ? 'images' : measure} onChange={(value) => useClean.setState({ measure: value as Measure })} data={measures.map((one) => ({ value: one, label: measureWords[one], disabled: needsTruth(one) && !grid.truth }))} />
          {!grid.truth && <span className={css.hint}>no ground truth in this run</span>}
        </>
      )}
      scope={<Button variant="default" leftSection={<IconRefresh size={14} />} onClick={() => useClean.setState({ asking: true })}>Run again…</Button>}
    >
      <div className={css.split}>
        <div className={css.left}>
          <div>
            {card}
            <HeatMap grid={grid} at={at} busy={trying.busy} />
            <SweepSettings sweep={sweep} trying={trying} />
            <Uncalibrated sweep={sweep} />
          </div>
          <ClassList source={settled.source} at={settled.at} />
        </div>
        <div ref={right} className={css.right}>
          <CellHeader grid={grid} at={at} cell={cell} error={error} onChoose={choose} />
          {opened
            ? <Evidence sweep={sweep} imageId={opened.imageId} pair={opened.pair} onPairs={setPairs} onMatches={matches} />
            : (
              <div className={css.sheets}>
                <PictureSheet request={side('kept')} evidence={grid.evidence} title={titles.kept} empty={same} columns={columns} onCount={setKeptCount} onHere={setHere} />
                <PictureSheet request={side('dropped')} evidence={grid.evidence} title={titles.dropped} empty={same} columns={columns} onCount={setDroppedCount} onHere={setHere} />
              </div>
            )}
        </div>
      </div>
    </Room>
  )
}

