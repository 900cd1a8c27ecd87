import { Tooltip } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconArrowsExchange, IconCopy, IconCpu, IconFilter, IconFolderOpen, IconListCheck, IconPackageExport, IconPhoto, IconTag } from '@tabler/icons-react'
import { Kbd } from '../components/Kbd.tsx'
import { useProject } from './queries.ts'
import { go, type RoomId } from './route.ts'
import { roomKeys, roomTitles } from './roomTitles.ts'
import css from './Rail.module.css'

const icons = {
  start: IconFolderOpen, library: IconPhoto, duplicates: IconCopy, matches: IconArrowsExchange, labels: IconTag, clean: IconFilter, recipes: IconListCheck, export: IconPackageExport, models: IconCpu, settings: IconAdjustmentsHorizontal
} satisfies Record<RoomId, unknown>

const upper: readonly RoomId[] = ['library', 'duplicates', 'matches', 'labels', 'clean', 'recipes', 'export']
const lower: readonly RoomId[] = ['models', 'settings']

/** The rooms, as icons with their names and keys. */
export function Rail({ room }: { room: RoomId }) {
  const { data: project } = useProject()
  return (
    <nav className={css.rail} aria-label="Rooms" data-region="rooms">
      <Entry id="start" current={room} />
      <div className={css.gap} />
      {upper.map((id) => <Entry key={id} id={id} current={room} disabled={!project} />)}
      <div className={css.fill} />
      {lower.map((id) => <Entry key={id} id={id} current={room} />)}
    </nav>
  )
}

function Entry({ id, current, disabled = false }: { id: RoomId; current: RoomId; disabled?: boolean }) {
  const Icon = icons[id]
  return (
    <Tooltip position="right" label={<span>{roomTitles[id]} <Kbd keys={roomKeys[id]} /></span>}>
      <button type="button" className={css.entry} aria-label={roomTitles[id]} aria-current={current === id ? 'page' : undefined} disabled={disabled} onClick={() => go(id)}>
        <Icon size={20} stroke={1.6} />
      </button>
    </Tooltip>
  )
}
