import { IconCheck, IconCircleOff, IconX } from '@tabler/icons-react'
import type { MatchTruth } from '../../../core/contract/matches.ts'
import { truthWords } from './matchWords.ts'
import css from './TruthMark.module.css'

const icons = { right: IconCheck, wrong: IconX, distractor: IconCircleOff } as const

/** What the truth says: an outline, where what people say is a filled mark. */
export function TruthMark({ truth, title = truthWords[truth] }: { truth: MatchTruth; title?: string }) {
  const Icon = icons[truth]
  return <span className={css.mark} data-truth={truth} role="img" aria-label={title} title={title}><Icon size={11} stroke={2.6} /></span>
}
