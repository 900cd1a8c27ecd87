import type { RootPreview } from '../contract/project.ts'
import { listFolder } from './listFolder.ts'
import { pathFilter } from './pathFilter.ts'
import { extensionOf } from './sniff.ts'

const sameFormat: Readonly<Record<string, string>> = { jpeg: 'jpg', jpe: 'jpg', jfif: 'jpg', tif: 'tiff', dib: 'bmp', apng: 'png', pbm: 'pnm', pgm: 'pnm', ppm: 'pnm', pam: 'pnm' }

/** Counts what lies in a folder by names alone, for at most `milliseconds`: after that the numbers are "at least". Throws where the folder cannot be listed. */
export async function previewFolder(path: string, globs: { readonly include: readonly string[]; readonly exclude: readonly string[] }, milliseconds = 2000): Promise<Omit<RootPreview, 'estimate' | 'layout'>> {
  const formats = new Map<string, number>()
  const classes = new Map<string, number>()
  const end = performance.now() + milliseconds
  let images = 0
  let bytes = 0
  let unreadable = 0
  let partial = false
  for await (const event of listFolder(path, { filter: pathFilter(globs), sniff: false, svg: false, allowed: [Buffer.from(path)] })) {
    if (event.kind === 'files') {
      for (const file of event.files) {
        const name = Buffer.from(file.pathRaw).toString()
        const extension = extensionOf(name)
        count(formats, sameFormat[extension] ?? extension)
        const slash = name.indexOf('/')
        if (slash > 0) count(classes, name.slice(0, slash))
        images++
        bytes += file.bytes
      }
    } else if (event.kind === 'unlisted') {
      unreadable++
    }
    if (performance.now() > end) {
      partial = true
      break
    }
  }
  return {
    path, images, bytes, unreadable, partial,
    formats: sorted(formats).map(([format, of]) => ({ format, count: of })),
    classes: [...classes].sort(([a], [b]) => a.localeCompare(b, 'en')).map(([name, of]) => ({ name, count: of }))
  }
}

const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)
const sorted = (counts: Map<string, number>): [string, number][] => [...counts].sort((a, b) => b[1] - a[1])
