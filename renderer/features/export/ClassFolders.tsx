import type { ExportPlan } from '../../../core/contract/exports.ts'
import { formatNumber } from '../../components/format.ts'
import css from './PlanPreview.module.css'

const MOST = 300

/** The class folders and how many images each gets: a class that is nearly empty is seen before training finds out. */
export function ClassFolders({ classes }: { classes: ExportPlan['classes'] }) {
  const most = Math.max(1, ...classes.map(({ count }) => count))
  return (
    <>
      <h3>Class folders</h3>
      <div className={css.folders}>
        {classes.slice(0, MOST).map(({ name, folder, count }) => (
          <div key={`${folder}/${name}`} className={css.folder} title={folder === name ? name : `${name} goes to the folder ${folder}`}>
            <span>{folder === name ? name : `${name} → ${folder}`}</span>
            <span>{formatNumber(count)}</span>
            <span className={css.bar}><i style={{ width: `${(count / most) * 100}%` }} /></span>
          </div>
        ))}
      </div>
    </>
  )
}
