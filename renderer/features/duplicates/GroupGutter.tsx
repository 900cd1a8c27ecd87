import { IconCircleCheckFilled } from '@tabler/icons-react'
import type { MouseEvent } from 'react'
import type { DuplicateGroup } from '../../../core/contract/duplicates.ts'
import { formatCount, formatScore } from '../../components/format.ts'
import { type Mark, StateMark } from '../../components/StateMark.tsx'
import type { Ghost } from './duplicatesStore.ts'
import { groupEvidenceWords, kindWords } from './groupWords.ts'
import css from './GroupGutter.module.css'

interface Props {
  readonly group: DuplicateGroup | null | undefined
  readonly state: DuplicateGroup['state'] | undefined
  readonly ghost: Ghost['why'] | null
  readonly selected: boolean
  readonly onClick: (event: MouseEvent) => void
}

const stateWords: Record<DuplicateGroup['state'], { mark: Mark; words: string } | null> = {
  open: null,
  accepted: { mark: 'accept', words: 'accepted' },
  kept: { mark: 'accept', words: 'all kept' },
  mixed: { mark: 'reject', words: 'decided' }
}

const ghostWords = { different: 'no duplicates', variant: 'variants' } as const

/** What a group is and how it stands: least similarity to the keeper, kind, size, decision. */
export function GroupGutter({ group, state, ghost, selected, onClick }: Props) {
  const told = state && !ghost ? stateWords[state] : null
  return (
    <div className={css.gutter} data-selected={selected || undefined} onClick={onClick}>
      {group && (
        <>
          <b className={css.similarity} title="The least similar image of the group, to the keeper">{groupEvidenceWords(group)}</b>
          <span>{kindWords[group.kind]}</span>
          <span className={css.dim}>{formatCount(group.members.length, 'image')}</span>
          {group.kind !== 'perceptual' && group.leastInside !== null && group.leastToKeeper !== null && group.leastInside < group.leastToKeeper - 0.0005 && (
            <span className={css.dim} title="The two least similar images inside the group">least pair {formatScore(group.leastInside)}</span>
          )}
          {group.variants.length > 0 && !ghost && <span className={css.state}><StateMark mark="variant" title="Related images that stay beside this group" /> {formatCount(group.variants.length, 'variant')}</span>}
          {ghost && <span className={css.state}><StateMark mark={ghost === 'variant' ? 'variant' : 'reject'} title={ghostWords[ghost]} /> {ghostWords[ghost]}</span>}
          {told && <span className={css.state}><StateMark mark={told.mark} /> {told.words}</span>}
        </>
      )}
      {selected && <span className={css.selected}><IconCircleCheckFilled size={18} aria-label="selected" /></span>}
    </div>
  )
}
