import { ActionIcon, Badge, Loader, Menu } from '@mantine/core'
import { IconDots, IconPhotoOff, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { RecentProject } from '../../../core/contract/project.ts'
import { openProjectFolder } from '../../app/openProject.ts'
import { go } from '../../app/route.ts'
import { formatCount, formatNumber, formatWhen } from '../../components/format.ts'
import css from './StartRoom.module.css'

/** One project: four of its pictures, its size, what is left to review. */
export function RecentCard({ recent, current, onForget }: { recent: RecentProject; current: boolean; onForget: () => void }) {
  const { name, folder, mosaic, images, toReview, openedAt, exists, sample } = recent
  const [opening, setOpening] = useState(false)
  const open = async (): Promise<void> => {
    if (current) return go('library')
    setOpening(true)
    await openProjectFolder(folder)
    setOpening(false)
  }
  return (
    <article className={css.card}>
      <button type="button" className={css.open} disabled={!exists} aria-busy={opening} onClick={() => void open()} aria-label={`Open ${name}`}>
        <div className={css.mosaic} data-count={mosaic.length}>
          {mosaic.map((picture) => <img key={picture} src={picture} alt="" draggable={false} />)}
          {mosaic.length === 0 && <div className={css.blank}><IconPhotoOff size={28} stroke={1.3} /></div>}
        </div>
        <div className={css.words}>
          <div className={css.name}>
            {name}
            {opening && <Loader size={14} />}
            {current && <Badge size="xs" variant="light">open</Badge>}
            {sample && <Badge size="xs" variant="default">sample</Badge>}
          </div>
          <div className={css.folder} title={folder}>{exists ? folder : `Not found: ${folder}`}</div>
          <div className={css.facts}>
            <span>{formatCount(images, 'image')}</span>
            <span>{toReview > 0 ? <><b>{formatNumber(toReview)}</b> to review</> : images > 0 ? 'all reviewed' : formatWhen(openedAt)}</span>
          </div>
        </div>
      </button>
      <Menu position="bottom-end">
        <Menu.Target><ActionIcon className={css.menu} size={24} aria-label={`More about ${name}`}><IconDots size={16} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Opened {formatWhen(openedAt)}</Menu.Label>
          <Menu.Item leftSection={<IconTrash size={15} />} onClick={onForget}>Take it out of this list (the folder stays)</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </article>
  )
}
