import type { ImageRole } from '../../../core/contract/common.ts'
import type { DatasetLayout, RootPreview, RootSpec } from '../../../core/contract/project.ts'
import { formatDuration } from '../../components/format.ts'

/** What the person chose about the folder that comes in. */
export interface IntakeForm {
  readonly path: string
  readonly role: ImageRole
  readonly protected: boolean
  readonly labelsFromFolders: boolean
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** Bring a published set in as its folders, each with its role. */
  readonly asDataset: boolean
}

export const emptyForm = (path: string): IntakeForm => ({ path, role: 'train', protected: false, labelsFromFolders: true, include: [], exclude: [], asDataset: true })

/** The folders that come in: one, or those of a published set with their roles (whose sub-folders are no classes). */
export function rootsOf(form: IntakeForm, layout: DatasetLayout | null): RootSpec[] {
  const { path, role, protected: isProtected, labelsFromFolders, include, exclude, asDataset } = form
  const shared = { protected: isProtected, include: [...include], exclude: [...exclude], svg: false }
  if (!layout || !asDataset) return [{ ...shared, path, role, labelsFromFolders }]
  const separator = path.includes('\\') ? '\\' : '/'
  const below = (folder: string): string => (folder === '' ? path : `${path.replace(/[/\\]+$/, '')}${separator}${folder.replaceAll('/', separator)}`)
  return layout.sets.map((set) => ({ ...shared, path: below(set.folder), role: set.role, labelsFromFolders: false }))
}

/** A name for the project: the folder's own. */
export function projectNameFor(path: string): string {
  const last = path.replace(/[/\\]+$/, '').split(/[/\\]/).pop() ?? ''
  return last.replaceAll(/[<>:"|?*\p{Cc}]/gu, ' ').trim().slice(0, 100) || 'images'
}

/** A picked folder is where the project's own folder goes, not that folder itself. */
export function projectFolderIn(parent: string, name: string): string {
  const separator = parent.includes('\\') ? '\\' : '/'
  return `${parent.replace(/[/\\]+$/, '')}${separator}${projectNameFor(name)}.winnow`
}

/** Class folders are likely labels where there are several and they hold most of the images. */
export function labelsAreLikely({ classes, images }: RootPreview): boolean {
  const inClasses = classes.reduce((sum, one) => sum + one.count, 0)
  return classes.length >= 2 && inClasses >= images * 0.5
}

/** "about 2 min", said roughly: it is an estimate from names and sizes alone. */
export function estimateWords(seconds: number): string {
  if (seconds < 20) return 'a few seconds'
  if (seconds < 90) return 'about a minute'
  return `about ${formatDuration(Math.round(seconds / 60) * 60)}`
}

export const roleWords: readonly { readonly value: ImageRole; readonly label: string; readonly note: string }[] = [
  { value: 'train', label: 'Training images', note: 'to be cleaned, labelled, exported' },
  { value: 'reference', label: 'Reference (gallery, index)', note: 'what queries are looked up in' },
  { value: 'query', label: 'Queries', note: 'looked up in the references' },
  { value: 'negative', label: 'Negatives (distractors)', note: 'known to match nothing' },
  { value: 'test', label: 'Test images', note: 'must not leak into training' }
]
