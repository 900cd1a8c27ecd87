import { Button } from '@mantine/core'
import { IconCircleCheck, IconCopy, IconFolderOpen, IconShieldCheck } from '@tabler/icons-react'
import type { ExportSummary } from '../../../core/contract/exports.ts'
import { desktop } from '../../app/desktop.ts'
import { showDone } from '../../app/notify.tsx'
import { copyText } from '../../components/copyText.ts'
import { formatBytes, formatCount, formatDuration } from '../../components/format.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { startVerify } from './exportJobs.ts'
import { formatWords, mediaWords } from './exportWords.ts'
import { VerifyState } from './VerifyState.tsx'
import css from './ExportRoom.module.css'

/** What an export has made, and what can be done with it. */
export function ExportResult({ summary, command }: { summary: ExportSummary; command: string | undefined }) {
  const copy = async (text: string, what: string): Promise<void> => showDone((await copyText(text)) ? `${what} copied.` : `${what} could not be copied; select it by hand.`)
  return (
    <section className={css.card} data-tone="accept" aria-live="polite">
      <div className={css.cardHead}>
        <b className={css.good}><IconCircleCheck size={18} /> {formatCount(summary.images, 'image')} exported</b>
        <span className={css.dim}>{formatBytes(summary.bytes)} · {formatDuration(summary.milliseconds / 1000)} · {formatWords[summary.format].name} · {mediaWords[summary.media].name}</span>
      </div>
      <div className={css.target}>{summary.target}</div>
      <div className={css.hash}>
        manifest <button type="button" className={css.copy} title="Copy" onClick={() => void copy(summary.manifestSha256, 'The hash')}>{summary.manifestSha256}</button>
      </div>
      <div className={css.buttons}>
        {desktop
          ? <Button leftSection={<IconFolderOpen size={14} />} onClick={() => desktop?.revealInFolder(summary.target)} rightSection={<Kbd keys="O" />}>Open folder</Button>
          : <Button variant="default" leftSection={<IconCopy size={14} />} onClick={() => void copy(summary.target, 'The path')}>Copy path</Button>}
        <Button variant="default" leftSection={<IconShieldCheck size={14} />} onClick={() => void startVerify(summary.target)} rightSection={<Kbd keys="V" />}>Verify</Button>
        {command && <Button variant="default" leftSection={<IconCopy size={14} />} onClick={() => void copy(command, 'The command')}>Copy command</Button>}
      </div>
      <VerifyState target={summary.target} />
    </section>
  )
}
