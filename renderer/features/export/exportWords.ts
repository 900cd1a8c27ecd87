import type { ExportFormat, ExportPlan, MediaMode, VerifyReport } from '../../../core/contract/exports.ts'
import { formatCount, formatNumber } from '../../components/format.ts'

export const formatWords: Record<ExportFormat, { name: string; hint: string }> = {
  imagefolder: { name: 'ImageFolder', hint: 'A folder for each class, as torchvision, Keras and Hugging Face load it' },
  csv: { name: 'CSV', hint: 'One table of all images, and the files beside it' },
  jsonl: { name: 'JSONL', hint: 'One JSON object for each image, and the files beside it' }
}

export const mediaWords: Record<MediaMode, { name: string; hint: string }> = {
  copy: { name: 'Copy', hint: 'The files are copied: the export stands alone' },
  hardlink: { name: 'Hard link', hint: 'No extra space; only within one volume. Editing the export in place would change the original' },
  symlink: { name: 'Symbolic link', hint: 'No extra space; breaks when the originals move' },
  list: { name: 'List only', hint: 'No files, only tables with paths to the originals' }
}

/** Why the export cannot start, as the sentence beside the button; null when it can. */
export function blockedBy(target: string, plan: ExportPlan | undefined, media: MediaMode): string | null {
  if (target.trim() === '') return 'Choose the folder to export to.'
  if (!plan) return 'Working out what would be written…'
  if (plan.conflicts.length > 0) return plan.conflicts[0]!.message
  if (plan.images === 0) return 'Nothing would be exported: every image is left out. Look at the reasons at the right.'
  if (media === 'copy' && plan.freeBytes !== null && plan.freeBytes < plan.bytes) return 'There is not enough free space for the copies. Choose another folder, hard links or a list.'
  return null
}

/** "Export 1,204 images" */
export const exportButtonWords = (images: number) => `Export ${formatCount(images, 'image')}`

/** One sentence for a verify report. */
export function verifyWords({ ok, checked, counts }: VerifyReport): string {
  if (ok) return `All ${formatCount(checked, 'file')} are as they were written.`
  const wrong = [
    counts.changed > 0 ? `${formatNumber(counts.changed)} changed` : '',
    counts.missing > 0 ? `${formatNumber(counts.missing)} missing` : '',
    counts.extra > 0 ? `${formatNumber(counts.extra)} extra` : ''
  ].filter((part) => part !== '')
  return `${formatCount(checked, 'file')} checked: ${wrong.join(', ')}.`
}
