import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { onTurned } from '../../app/decide.ts'
import { queries, useProject } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Room } from '../../components/Room.tsx'
import { formatNumber } from '../../components/format.ts'
import { setFilter, useLibrary } from '../../stores/library.ts'
import { usePace } from '../../stores/pace.ts'
import { decideLabel, targetWords } from './decideInLibrary.ts'
import { EmptyLibrary } from './EmptyLibrary.tsx'
import { isFiltered } from './filterWords.ts'
import { GoToDialog } from './GoToDialog.tsx'
import type { GridLayout } from './gridLayout.ts'
import { ImageInspector } from './ImageInspector.tsx'
import { LabelPicker } from './LabelPicker.tsx'
import { LibraryBar } from './LibraryBar.tsx'
import { LibraryGrid } from './LibraryGrid.tsx'
import { useLibraryActions } from './libraryActions.ts'
import { Loupe } from './Loupe.tsx'
import { moveTo } from './moves.ts'
import { ProblemsNote } from './ProblemsNote.tsx'
import { SelectionBar } from './SelectionBar.tsx'
import { useStaleList } from './useStaleList.ts'
import { type LibraryList, useLibraryList } from './useLibraryList.ts'
import css from './LibraryRoom.module.css'

/** All images of the project, or those that a filter leaves, as a grid or one at a time. */
export function LibraryRoom() {
  const { list, error, retry, refresh } = useLibraryList()
  const { filter, mode, cursor, visiting } = useLibrary()
  const [layout, setLayout] = useState<GridLayout | null>(null)
  const [filterOpen, setFilterOpen] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  const stale = useStaleList(list)
  const takeLayout = useCallback((next: GridLayout) => setLayout(next), [])
  useLibraryActions({ list, layout, search, openFilter: () => setFilterOpen(true), refresh })
  useReturnToUndone(list)

  const { data: project } = useProject()
  usePace(project ? project.counts.ready - project.counts.kept - project.counts.dropped - project.counts.unsure : null, 'undecided')

  const currentId = visiting ?? list?.ids[cursor] ?? null
  const ready = list !== null && list.ids.length > 0
  return (
    <Room
      ownScroll
      top={<LibraryBar searchRef={search} filterOpen={filterOpen} setFilterOpen={setFilterOpen} stale={stale} onRefresh={refresh} />}
      scope={list && <Scope list={list} filtered={isFiltered(filter)} />}
      inspector={<ImageInspector id={currentId} />}
    >
      <div className={css.column}>
        {list && <ProblemsNote list={list} />}
        <div className={css.work}>
          {error && <Center h="100%"><ErrorNote title="The list of images could not be loaded." error={error} onRetry={retry} /></Center>}
          {!error && !list && <Center h="100%"><Loader size="sm" color="gray" /></Center>}
          {!error && list && list.ids.length === 0 && <EmptyLibrary filtered={isFiltered(filter)} onClear={() => setFilter({})} />}
          {!error && ready && mode === 'grid' && <LibraryGrid list={list} onLayout={takeLayout} />}
          {!error && ready && mode === 'loupe' && currentId !== null && <Loupe ids={list.ids} id={currentId} />}
          {ready && mode === 'grid' && <SelectionBar list={list} />}
        </div>
      </div>
      {list && <LabelPicker about={() => targetWords(list)} onPick={(label) => decideLabel(list, label)} />}
      {list && <GoToDialog view={list.view} onGo={(index) => moveTo(list.ids, index)} />}
    </Room>
  )
}

function Scope({ list, filtered }: { list: LibraryList; filtered: boolean }) {
  const { data: facets } = useQuery(queries.facets({}))
  if (!filtered || !facets) return <>{formatNumber(list.ids.length)} images</>
  return <><b>{formatNumber(list.ids.length)}</b> of {formatNumber(facets.total)} images</>
}

/** Undo goes back to what it undid, so that the person sees it. */
function useReturnToUndone(list: LibraryList | null): void {
  useEffect(() => onTurned(({ changed }) => {
    const id = changed[0]
    if (!list || id === undefined) return
    const index = list.ids.indexOf(id)
    if (index >= 0) moveTo(list.ids, index)
  }), [list])
}

