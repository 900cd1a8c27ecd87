import type { LabelClass } from '../../../core/contract/labels.ts'
import { formatNumber } from '../../components/format.ts'
import { showClass, shownClass, useLabels } from './labelsStore.ts'
import css from './LabelsPanel.module.css'

/** More than this and a list is searched, not read. */
const MOST = 200

/** The classes with how many images are predicted and labelled; a click shows only one of them. */
export function ClassList({ classes }: { classes: readonly LabelClass[] }) {
  const chosen = useLabels(shownClass)
  const listed = classes.filter((one) => one.predicted > 0 || one.human > 0 || one.given > 0).slice(0, MOST)
  return (
    <div className={css.classes}>
      <button type="button" className={css.class} aria-pressed={chosen === null} onClick={() => showClass(null)}>
        <span className={css.className}>All classes</span>
        <span className={css.counts}>predicted · labelled</span>
      </button>
      {listed.map((one) => (
        <button key={one.id} type="button" className={css.class} aria-pressed={chosen === one.id} onClick={() => showClass(one.id)}>
          <span className={css.className} title={one.name}>{one.name}</span>
          <span className={css.counts}>{formatNumber(one.predicted)} · {formatNumber(one.human + one.given)}</span>
        </button>
      ))}
    </div>
  )
}
