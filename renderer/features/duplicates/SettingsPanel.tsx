import { Select, Switch, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { DuplicateSettings, DuplicateSummary } from '../../../core/contract/duplicates.ts'
import { queries } from '../../app/queries.ts'
import { formatScore } from '../../components/format.ts'
import { Histogram } from '../../components/Histogram.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { summaryWords } from './groupWords.ts'
import { KeeperRules } from './KeeperRules.tsx'
import { KindCounts } from './KindCounts.tsx'
import { RadiusControl } from './RadiusControl.tsx'
import { SearchState } from './SearchState.tsx'
import { changeSettings } from './useDuplicateSettings.ts'
import css from './SettingsPanel.module.css'

/** What makes two images duplicates, and which of them stays. Everything here takes effect at once; nothing is searched again. */
export function SettingsPanel({ settings, summary, loading }: { settings: DuplicateSettings; summary: DuplicateSummary | undefined; loading: boolean }) {
  const { data: descriptors } = useQuery(queries.descriptors)
  const descriptor = descriptors?.find((one) => one.id === settings.descriptorId)
  const usual = descriptor?.nearDuplicate.threshold ?? 0.95
  return (
    <div>
      <SearchState summary={summary} descriptorId={settings.descriptorId} />
      <section className={css.section}>
        <div className={css.heading}>
          <h3>Similarity</h3>
          <Switch
            size="xs" label="use" labelPosition="left" aria-label="Use the similarity of descriptors" checked={settings.threshold !== null}
            onChange={(event) => changeSettings({ threshold: event.currentTarget.checked ? usual : null })}
          />
        </div>
        {descriptors && descriptors.length > 1 && (
          <Select
            aria-label="Descriptor" data={descriptors.map((one) => ({ value: String(one.id), label: one.modelName }))} value={settings.descriptorId === null ? null : String(settings.descriptorId)}
            onChange={(value) => value !== null && changeSettings({ descriptorId: Number(value) })}
          />
        )}
        {settings.threshold !== null && summary && (
          <>
            <Histogram bins={summary.histogram} value={settings.threshold} onChange={(threshold) => changeSettings({ threshold })} label="Similarity threshold" scope="Duplicates" />
            <div className={css.threshold}>
              <b>{formatScore(settings.threshold)}</b> or more
              <span className={css.keys}><Kbd keys="[" /> <Kbd keys="]" /></span>
            </div>
            {descriptor && !descriptor.nearDuplicate.calibrated && <Text size="xs" c="dimmed">{descriptor.modelName} has no threshold measured on public data. Look at the groups near the threshold before you accept many.</Text>}
          </>
        )}
        {settings.threshold === null && <Text size="xs" c="dimmed">Off: only equal files, equal pixels and the perceptual hash make groups.</Text>}
      </section>
      <RadiusControl radius={settings.radius} onChange={(radius) => changeSettings({ radius })} />
      <section className={css.section} aria-live="polite" data-loading={loading || undefined}>
        {summary && <p className={css.summary}>{summaryWords(summary)}</p>}
        {summary && <KindCounts counts={summary.byKind} />}
      </section>
      <KeeperRules rules={settings.rules} onChange={(rules) => changeSettings({ rules })} />
    </div>
  )
}
