import type { DuplicateSummary } from '../../../core/contract/duplicates.ts'
import { formatNumber } from '../../components/format.ts'
import css from './SettingsPanel.module.css'

const words = { exact: 'Same file', pixel: 'Same pixels, other file', perceptual: 'Perceptual hash', descriptor: 'Similar descriptors' } as const

/** How many groups rest on which evidence. */
export function KindCounts({ counts }: { counts: DuplicateSummary['byKind'] }) {
  return (
    <dl className={css.kinds}>
      {(['exact', 'pixel', 'perceptual', 'descriptor'] as const).filter((kind) => counts[kind] > 0).map((kind) => (
        <div key={kind} style={{ display: 'contents' }}>
          <dt>{words[kind]}</dt>
          <dd>{formatNumber(counts[kind])}</dd>
        </div>
      ))}
    </dl>
  )
}
