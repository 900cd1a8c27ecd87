import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { MatchSource, MatchSourceInfo } from '../../../core/contract/matches.ts'
import { useActions } from '../../app/actions.ts'
import { useProject } from '../../app/queries.ts'
import { useRow } from '../../app/rows.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Inspector } from '../../components/Inspector.tsx'
import { Room } from '../../components/Room.tsx'
import { usePace } from '../../stores/pace.ts'
import { isAudited } from './auditedRecipe.ts'
import { decisionActions, listActions, moveActions } from './matchActions.ts'
import { ExportDialog } from './ExportDialog.tsx'
import { MatchBar } from './MatchBar.tsx'
import { MatchInspector } from './MatchInspector.tsx'
import { MatchPanel } from './MatchPanel.tsx'
import { overviewQuery, prefetchQueries, rowQuery, sourcesQuery } from './matchQueries.ts'
import { renewList, startIn, useMatches } from './matchesStore.ts'
import { MatchStage } from './MatchStage.tsx'
import { ListDone, NoMatches } from './NoMatches.tsx'
import { ReferenceStrip } from './ReferenceStrip.tsx'
import { useStage } from './stageStore.ts'
import { useMatchQuery } from './useMatchQuery.ts'
import { useQueryList } from './useQueryList.ts'
import { VetoDialog } from './VetoDialog.tsx'
import { VetoLists } from './VetoLists.tsx'
import css from './MatchesRoom.module.css'

/** Matches: what recipes found for each query, with everything that speaks for and against, and a person who decides. */
export function MatchesRoom() {
  const { data: project } = useProject()
  useEffect(() => { if (project) startIn(project.id) }, [project])
  const { data: sources, error, refetch } = useQuery(sourcesQuery)
  const chosen = useMatches((now) => now.source)
  // A run that ends meanwhile must not take the list away from under the hand.
  const first = sources?.find(({ recipe }) => !isAudited(recipe)) ?? sources?.[0]
  useEffect(() => { if (chosen === null && first && project) useMatches.setState({ source: { runId: first.runId, step: first.step }, newestRun: first.runId }) }, [chosen, first, project])
  const lists = useMatches((now) => now.dialog === 'veto-lists')
  if (error) return <Room><ErrorNote title="The results could not be loaded." error={error} onRetry={() => void refetch()} /></Room>
  if (!sources || !project) return <Room><Center h="100%"><Loader size="sm" color="gray" /></Center></Room>
  const info = sources.find(({ runId, step }) => runId === chosen?.runId && step === chosen.step) ?? first
  return (
    <>
      {info ? <Matches sources={sources} info={info} /> : <Room><NoMatches project={project} /></Room>}
      {lists && <VetoLists />}
    </>
  )
}

function Matches({ sources, info }: { sources: readonly MatchSourceInfo[]; info: MatchSourceInfo }) {
  const { runId, step } = info
  const source = useMemo((): MatchSource => ({ runId, step }), [runId, step])
  const { data: overview } = useQuery(overviewQuery(source))
  const { ids, waiting, error } = useQueryList(source, overview?.suggested)
  const { at, state, truth, text, side, dialog } = useMatches()
  const wide = useStage((now) => now.wide)
  const [page, setPage] = useState(6)
  const id = ids?.[at]
  const query = useRow(id)
  const gone = useQuery({ ...rowQuery(source, id ?? 0), enabled: id !== undefined }).data === null
  const found = useMatchQuery(source, id)
  const { candidates, current } = found
  usePace(overview ? overview.queries - overview.decided : null, 'queries left')
  useEffect(() => { if (ids) void prefetchQueries(source, ids, at) }, [source, ids, at])
  const place = { query: id, candidates, current, count: ids?.length ?? 0 }
  useActions('Matches', [...decisionActions(place), ...moveActions(place, page), ...listActions(sources, info)])

  return (
    <Room
      ownScroll top={<MatchBar hasTruth={info.hasTruth} />}
      {...(wide ? {} : {
        side: <MatchPanel sources={sources} source={source} ids={ids} onPage={setPage} />,
        inspector: query && current ? <MatchInspector source={source} query={query} candidate={current} /> : <Inspector empty="Choose a query to see what speaks for its references." />
      })}
    >
      <div className={css.work}>
        {error ? <Center h="100%"><ErrorNote title="The queries could not be loaded." error={error} onRetry={renewList} /></Center>
        : found.error ? <Center h="100%"><ErrorNote title="The references could not be loaded." error={found.error} onRetry={() => void found.refetch()} /></Center>
        : !ids || (waiting && ids.length === 0) ? <Center h="100%"><Loader size="sm" color="gray" /></Center>
        : id === undefined ? <ListDone total={ids.length} overview={overview} filtered={state !== 'all' || truth !== null || text !== '' || side !== 'any'} />
        : query && current ? <MatchStage source={source} query={query} candidate={current} />
        : gone || (!found.loading && !current) ? <EmptyState title={gone ? 'This query is not in the project any more' : 'The references of this query are not in the project any more'}>The run still speaks of it. S goes on to the next query.</EmptyState>
        : <Center h="100%"><Loader size="sm" color="gray" /></Center>}
        {id !== undefined && <ReferenceStrip candidates={candidates} current={current} total={found.total} />}
      </div>
      {dialog === 'export' && <ExportDialog info={info} />}
      {dialog === 'veto' && query && current && <VetoDialog query={query} reference={current.image} />}
    </Room>
  )
}
