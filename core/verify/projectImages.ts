import { join } from 'node:path'
import { joinPath } from '../images/listFolder.ts'
import type { Project } from '../project/project.ts'
import type { VerifyImage } from './picture.ts'

/** Where a project keeps local features. Nobody's work is in there: it may be deleted at any time. */
export const featuresFolder = (project: Project): string => join(project.folder, 'features')

const imagesPerPage = 2000

/** Images of a project by id, for verification; those that are not ready are left out. */
export async function verifyImages(project: Project, ids: Iterable<number>, signal?: AbortSignal): Promise<Map<number, VerifyImage>> {
  const wanted = [...new Set(ids)]
  const found = new Map<number, VerifyImage>()
  for (let from = 0; from < wanted.length; from += imagesPerPage) {
    signal?.throwIfAborted()
    for (const { imageId, root, pathRaw, bytes, mtimeMs, svg, sha256 } of await project.read.descriptors.files(wanted.slice(from, from + imagesPerPage))) {
      found.set(imageId, { imageId, path: joinPath(Buffer.from(root), pathRaw), bytes, mtimeMs, svg, sha256 })
    }
  }
  return found
}
