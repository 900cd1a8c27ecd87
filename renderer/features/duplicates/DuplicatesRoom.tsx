import { Button, Center, Loader, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useActions } from '../../app/actions.ts'
import { useProject } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatCount, formatNumber } from '../../components/format.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { Room } from '../../components/Room.tsx'
import { usePace } from '../../stores/pace.ts'
import { CompareBench } from './compare/CompareBench.tsx'
import { groupFilterOf, renewList, selectNone, startIn, useDuplicates } from './duplicatesStore.ts'
import { acceptAllGroups, decideGroups } from './groupActs.ts'
import { GroupFilterBar } from './GroupFilterBar.tsx'
import { summaryQuery } from './groupQueries.ts'
import { GroupSheet } from './GroupSheet.tsx'
import { acceptWords } from './groupWords.ts'
import { NoGroups } from './NoGroups.tsx'
import { SettingsPanel } from './SettingsPanel.tsx'
import { useDuplicateSettings } from './useDuplicateSettings.ts'
import { useGoBack } from './useGoBack.ts'
import { decisionActions, sheetActions } from './useGroupActions.ts'
import { useGroup } from './useGroup.ts'
import { MOST_LISTED, useGroupList } from './useGroupList.ts'
import { useSelectionSize } from './useSelectionSize.ts'
import css from './DuplicatesRoom.module.css'

const NOTHING = { descriptorId: null, threshold: null, radius: null, rules: [] }

/** Near-duplicates: thresholds and keeper rules at the left, groups with a proposed keeper to be judged at the centre. */
export function DuplicatesRoom() {
  const { data: project } = useProject()
  useEffect(() => { if (project) startIn(project.id) }, [project])
  const { live, settled, error } = useDuplicateSettings()
  const summary = useQuery({ ...summaryQuery(settled ?? NOTHING), enabled: settled !== null })
  const list = useGroupList(settled)
  const settings = settled ?? NOTHING

  const order = useDuplicates((now) => now.order)
  const at = useDuplicates((now) => now.at)
  const comparing = useDuplicates((now) => now.comparing)
  const { group } = useGroup(settings, order[at])
  const selection = useSelectionSize(settings)
  const [measured, setMeasured] = useState({ page: 4, columns: 4 })
  const state = useDuplicates((now) => now.state)
  useGoBack(settings)
  usePace(list.data && state === 'open' ? list.data.groups.length : null, 'groups left')

  const compare = (): void => useDuplicates.setState({ comparing: true })
  const acceptAll = (): void => {
    const { selected, kinds } = useDuplicates.getState()
    if (selected.size > 0) void decideGroups(settings, [...selected], 'accept').then(selectNone)
    else if (list.data && list.data.groups.length > 0) void acceptAllGroups(settings, { ...groupFilterOf({ state, kinds }), state: 'open' })
  }
  useActions('Duplicates', [
    ...decisionActions(settings, group),
    ...sheetActions(group, { ...measured, compare, acceptAll })
  ], { enabled: live !== null })

  if (error) return <Room><ErrorNote title="The duplicate settings could not be loaded." error={error} /></Room>
  if (!live) return <Room><Center h="100%"><Loader size="sm" color="gray" /></Center></Room>
  const count = selection ?? { groups: list.data?.groups.length ?? 0, images: list.data?.wouldDrop ?? 0 }
  const decided = order.length - (list.data?.groups.length ?? order.length)
  return (
    <div className={css.room}>
      <Room
        ownScroll
        top={(
          <>
            <GroupFilterBar />
            {(list.data?.groups.length ?? 0) > MOST_LISTED && <Text size="xs" c="dimmed">the first {formatNumber(MOST_LISTED)} are listed</Text>}
            {decided > 0 && state === 'open' && (
              <Button variant="subtle" color="gray" onClick={renewList} rightSection={<Kbd keys="Shift+R" />}>Put away {formatCount(decided, 'decided group')}</Button>
            )}
          </>
        )}
        scope={order.length > 0 && (
          <Button disabled={count.groups === 0} onClick={acceptAll} rightSection={<Kbd keys="Mod+Enter" />}>
            {count.groups === 0 ? 'All decided' : acceptWords(count.groups, count.images)}
          </Button>
        )}
        side={<SettingsPanel settings={live} summary={summary.data} loading={summary.isFetching} />}
      >
        {list.error && <ErrorNote title="The groups could not be loaded." error={list.error} onRetry={() => void list.refetch()} />}
        {order.length > 0
          ? <GroupSheet settings={settings} onCompare={compare} onMeasure={setMeasured} />
          : list.data && !list.isPlaceholderData && <NoGroups summary={summary.data} settings={live} />}
      </Room>
      {comparing && <CompareBench settings={settings} />}
    </div>
  )
}
