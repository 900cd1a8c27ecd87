import { readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { rootOf, separate, unite } from '../../../core/domain/unionFind.ts'
import { photosIn } from '../photos.ts'

export interface Photo {
  readonly path: string
  /** Below the folder that was asked for, with / between folders: the same on every machine. */
  readonly name: string
  /** Its first folder, as the product takes classes from folders; null where it lies in none. */
  readonly className: string | null
}

/** Caltech-101's odd pictures, which are no class. */
const noClass = new Set(['BACKGROUND_Google'])

export function photosOf(folder: string): Photo[] {
  return photosIn(folder).map((path) => {
    const name = relative(folder, path).split(sep).join('/')
    const first = name.includes('/') ? name.slice(0, name.indexOf('/')) : null
    return { path, name, className: first !== null && noClass.has(first) ? null : first }
  })
}

/** Photos of photos-101 that are versions of each other: found with a shared model, then looked at one by one. */
const known = JSON.parse(readFileSync(join(import.meta.dirname, 'copies-photos-101.json'), 'utf8')) as readonly (readonly string[])[]

/**
 * One number a photo, the same for photos that are versions of each other: of the list above, or the same file byte for byte. Whoever finds a version of what
 * was asked for is neither right nor wrong.
 */
export function versionGroups(photos: readonly { readonly name: string; readonly sha256: string }[]): Int32Array {
  const parent = separate(photos.length)
  const [byName, byContent] = [new Map<string, number>(), new Map<string, number>()]
  for (const [i, { name, sha256 }] of photos.entries()) {
    byName.set(name, i)
    const first = byContent.get(sha256)
    if (first === undefined) byContent.set(sha256, i)
    else unite(parent, first, i)
  }
  for (const group of known) {
    const [first, ...others] = group.flatMap((name) => byName.get(name) ?? [])
    if (first !== undefined) for (const other of others) unite(parent, first, other)
  }
  return parent.map((_, i) => rootOf(parent, i))
}
