import type { ExportSpec } from '../contract/exports.ts'

const mostIds = 40

/** For a POSIX shell: plain words as they are, others in single quotes. */
export const shellQuoted = (word: string): string => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`)

/** The command that does the same from a terminal. A view of the window cannot be named there; only short lists of ids can. */
export function exportCommand(projectFolder: string, spec: ExportSpec): string {
  const ids = spec.selection && 'ids' in spec.selection ? spec.selection.ids : []
  const words = [
    'npm run winnow -- export',
    shellQuoted(projectFolder),
    shellQuoted(spec.target),
    `--format ${spec.format}`,
    `--media ${spec.media}`,
    ...(spec.labelledOnly ? ['--labelled-only'] : []),
    ...(spec.withoutUnsure ? [] : ['--with-unsure']),
    ...(spec.splitFolders ? ['--split-folders'] : []),
    ...(spec.copyIfLinkFails ? ['--copy-if-link-fails'] : []),
    ...(ids.length > 0 && ids.length <= mostIds ? [`--images ${ids.join(' ')}`] : [])
  ]
  return words.join(' ')
}
