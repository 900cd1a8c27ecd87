import { realpath } from 'node:fs/promises'
import type { Project } from '../project/project.ts'
import { displayHost } from './displayHost.ts'
import { joinPath, isInside } from './listFolder.ts'
import { readPacked } from './thumbPack.ts'

/** The thumbnail of an image (JPEG, at most 256 px a side); null where there is none, or its pack was lost. */
export async function readThumb(project: Project, imageId: number): Promise<{ bytes: Buffer; type: string } | null> {
  const place = await project.read.images.thumb(imageId)
  if (!place) return null
  try {
    return { bytes: await readPacked(project.thumbsFolder, place), type: 'image/jpeg' }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

export interface OriginalFile {
  /** Absolute and real, as bytes. */
  readonly path: Buffer
  readonly type: string
  /** Whether a browser cannot show the file as it is. */
  readonly needsConversion: boolean
}

const types: Readonly<Record<string, string>> = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', gif: 'image/gif', avif: 'image/avif', svg: 'image/svg+xml', tiff: 'image/tiff', bmp: 'image/bmp', pnm: 'image/x-portable-anymap' }
/** SVG is no picture but a program for one, so it is drawn here and never handed to a browser. */
const shownByBrowsers = new Set(['jpeg', 'png', 'webp', 'gif', 'avif'])

/**
 * The file of an image, by id; null where there is no such image, it was never read, or it has gone. Links are followed first: a file that lies in
 * none of the project's folders is not handed out.
 */
export async function originalFile(project: Project, imageId: number): Promise<OriginalFile | null> {
  const file = await project.read.images.file(imageId)
  if (!file?.format || file.state === 'missing') return null
  try {
    const path = await realpath(joinPath(Buffer.from(file.root), file.pathRaw), { encoding: 'buffer' })
    if (!await isInRoots(project, path)) return null
    return { path, type: types[file.format] ?? 'application/octet-stream', needsConversion: !shownByBrowsers.has(file.format) || file.colour === 'cmyk' || file.colour === 'lab' }
  } catch {
    return null
  }
}

async function isInRoots(project: Project, path: Buffer): Promise<boolean> {
  for (const root of await project.read.images.rootPaths()) {
    const folder = await realpath(root, { encoding: 'buffer' }).catch(() => null)
    if (folder && isInside(path, folder)) return true
  }
  return false
}

/**
 * An image as any browser shows it: an upright sRGB JPEG, transparency on white. `size` is the
 * longest side in pixels that is needed; nothing is enlarged. Null where there is no such image. Throws DecodeFailure.
 */
export async function displayImage(project: Project, imageId: number, { size }: { size?: number } = {}): Promise<{ bytes: Buffer; type: string } | null> {
  const original = await originalFile(project, imageId)
  const file = await project.read.images.file(imageId)
  if (!original || !file) return null
  return { bytes: await displayHost.display(original.path, file.svg, size ?? null), type: 'image/jpeg' }
}
