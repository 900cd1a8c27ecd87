import type { JobContext } from '../jobs/job.ts'
import type { RootRecord } from '../project/repositories/roots.ts'
import { joinPath } from './listFolder.ts'

const step = 64

/**
 * New files that have the size of an image that has gone are hashed; where the content is the same, that image gets the new path and keeps its id,
 * and with it its labels, verdicts and vectors. Returns how many moved.
 */
export async function recogniseMoved({ engine, project, signal, report }: JobContext, roots: readonly RootRecord[]): Promise<number> {
  const paths = new Map(roots.map(({ id, path }) => [id, Buffer.from(path)]))
  let moved = 0
  let looked = 0
  for (let afterKey = 0; ;) {
    signal.throwIfAborted()
    const candidates = await project.write.images.moveCandidates(afterKey, step * engine.vision.size)
    const last = candidates.at(-1)
    if (!last) return moved
    const parts = Array.from({ length: Math.ceil(candidates.length / step) }, (_, i) => candidates.slice(i * step, (i + 1) * step))
    const found = await Promise.all(parts.map(async (part) => {
      const hashes = await engine.vision.hash(part.map(({ rootId, pathRaw }) => joinPath(paths.get(rootId) ?? Buffer.alloc(0), pathRaw)), { signal })
      return hashes.flatMap(({ index, sha256 }) => (sha256 ? [{ key: part[index]?.key ?? -1, sha256 }] : []))
    }))
    moved += await project.write.images.adoptMoved(found.flat())
    looked += candidates.length
    report('Recognising moved files', looked, null)
    afterKey = last.key
  }
}
