import { Button } from '@mantine/core'
import type { ImageRow } from '../../../core/contract/images.ts'
import type { Candidate, MatchEvidence } from '../../../core/contract/matches.ts'
import { errorText } from '../../app/errorText.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { formatCount } from '../../components/format.ts'
import { partWords } from './matchWords.ts'
import { isTrusted } from './MatchStage.tsx'
import type { StageMode } from './matchesStore.ts'
import { toggleLines, toggleMode, useStage } from './stageStore.ts'
import { TrailChips } from './TrailChips.tsx'
import css from './MatchStage.module.css'

const modes: { mode: StageMode; name: string; keys: string }[] = [
  { mode: 'flick', name: 'Flick', keys: 'Space' },
  { mode: 'split', name: 'Split', keys: '\\' },
  { mode: 'onion', name: 'Onion', keys: 'O' },
  { mode: 'difference', name: 'Difference', keys: 'I' }
]

/** How the pair came to its place, how it is looked at, and what the picture on the screen means. */
export function StageBar({ query, candidate, evidence, error }: { query: ImageRow; candidate: Candidate; evidence: MatchEvidence | undefined; error: Error | null }) {
  const mode = useStage((now) => now.mode)
  const lines = useStage((now) => now.lines && !now.bare)
  const zoom = useStage((now) => now.look.zoom)
  const facts = [
    error ? `No evidence: ${errorText(error)}` : evidence ? evidenceFact(evidence, mode !== 'side') : 'looking for evidence…',
    partFact('query', candidate.queryPart), partFact('reference', candidate.referencePart),
    zoom > 1.005 ? `${zoom.toFixed(1)}× of fit` : null
  ].filter(Boolean)
  return (
    <>
      <TrailChips trail={candidate.trail} />
      <div className={css.bar}>
        <Button.Group>
          <Button size="compact-sm" variant={mode === 'side' && lines ? 'filled' : 'default'} tabIndex={-1} aria-pressed={mode === 'side' && lines} onClick={toggleLines} rightSection={<Kbd keys="Y" />}>Lines</Button>
          {modes.map((one) => (
            <Button key={one.mode} size="compact-sm" variant={mode === one.mode ? 'filled' : 'default'} tabIndex={-1} aria-pressed={mode === one.mode} onClick={() => toggleMode(one.mode)} rightSection={<Kbd keys={one.keys} />}>{one.name}</Button>
          ))}
        </Button.Group>
        <span className={css.facts} aria-live="polite" title={`${query.path}\n${candidate.image.path}`}>{facts.join(' · ')}</span>
      </div>
    </>
  )
}

const partFact = (which: string, part: Candidate['queryPart']): string | null => {
  const words = partWords(part)
  return words === null ? null : `${which} ${words}`
}

function evidenceFact(evidence: MatchEvidence, over: boolean): string {
  if (evidence.inliers === 0) return 'no inliers'
  const found = formatCount(evidence.inliers, 'inlier')
  if (!isTrusted(evidence)) return `${found}: no map to be trusted${over ? ', so frame lies on frame' : ''}`
  return evidence.mirrored ? `${found}, mirrored` : found
}
