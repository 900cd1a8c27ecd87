import { Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { RootPreview } from '../../../core/contract/project.ts'
import { formatBytes, formatCount, formatNumber } from '../../components/format.ts'
import css from './IntakePage.module.css'

const shownClasses = 14

/** What lies in the folder, from names alone. */
export function Found({ preview }: { preview: RootPreview }) {
  const { images, bytes, formats, classes, unreadable, partial } = preview
  return (
    <section className={css.box}>
      <h2>Found</h2>
      <div className={css.big}>{partial ? 'at least ' : ''}{formatCount(images, 'image')}<span>{formatBytes(bytes)}</span></div>
      <Text c="dimmed" mb="sm">{formats.map((one) => `${formatNumber(one.count)} ${one.format}`).join(' · ')}</Text>
      {classes.length > 0 && (
        <>
          <h3>{formatCount(classes.length, 'class folder')}</h3>
          <div className={css.classes}>
            {classes.slice(0, shownClasses).map((one) => <span key={one.name} className={css.class}>{one.name} <i>{formatNumber(one.count)}</i></span>)}
            {classes.length > shownClasses && <span className={css.more}>and {formatNumber(classes.length - shownClasses)} more</span>}
          </div>
        </>
      )}
      {classes.length === 0 && <Text c="dimmed">No class folders: all images lie in one place.</Text>}
      {unreadable > 0 && <div className={css.problem}><IconAlertTriangle size={15} />{formatCount(unreadable, 'folder or file', 'folders or files')} could not be opened. The rest works; what could not be read is listed after the scan.</div>}
    </section>
  )
}
