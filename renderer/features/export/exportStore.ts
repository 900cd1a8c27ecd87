import { create } from 'zustand'
import type { ExportFormat, ExportSpec, MediaMode } from '../../../core/contract/exports.ts'

interface ExportState {
  readonly projectId: string | null
  readonly target: string
  readonly format: ExportFormat
  readonly media: MediaMode
  readonly labelledOnly: boolean
  readonly withoutUnsure: boolean
  readonly splitFolders: boolean
  readonly copyIfLinkFails: boolean
  /** The export that was started here last. */
  readonly jobId: number | null
  /** By target: the verify job that was started last. */
  readonly verifying: ReadonlyMap<string, number>
}

const fresh: Omit<ExportState, 'projectId'> = {
  target: '', format: 'imagefolder', media: 'copy', labelledOnly: false, withoutUnsure: true, splitFolders: false, copyIfLinkFails: false, jobId: null, verifying: new Map()
}

export const useExport = create<ExportState>()(() => ({ projectId: null, ...fresh }))

/** Starts afresh for another project, with a folder beside it as the first suggestion. */
export function startIn(projectId: string, suggestion: string): void {
  if (useExport.getState().projectId !== projectId) useExport.setState({ projectId, ...fresh, target: suggestion })
}

export const change = (patch: Partial<Omit<ExportState, 'projectId'>>): void => useExport.setState(patch)

/** The form as the engine takes it. */
export const specOf = ({ target, format, media, labelledOnly, withoutUnsure, splitFolders, copyIfLinkFails }: ExportState): ExportSpec =>
  ({ target: target.trim(), format, media, labelledOnly, withoutUnsure, splitFolders, copyIfLinkFails })

/** The next free-looking name: "birds-export" gives "birds-export-2", that gives "birds-export-3". */
export function nextTarget(target: string): string {
  const [, stem = '', number] = /^(.*?)(?:-(\d{1,6}))?[/\\]*$/.exec(target.trim()) ?? []
  return `${stem}-${number === undefined ? 2 : Number(number) + 1}`
}

/** A folder beside the project's: "/home/me/birds.winnow" gives "/home/me/birds-export". Windows paths keep their backslashes. */
export function suggestTarget(projectFolder: string): string {
  const trimmed = projectFolder.replace(/[/\\]+$/, '')
  return `${trimmed.replace(/\.winnow$/, '')}-export`
}
