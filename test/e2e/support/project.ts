import { join } from 'node:path'
import { jobRequest } from '../../../core/contract/jobs.ts'
import { rootSpec } from '../../../core/contract/project.ts'
import { Engine } from '../../../core/engine.ts'
import { writePictures } from '../../support/pictures.ts'

/** A project of small drawn pictures in two class folders, read and ready; no engine holds it any more. Gives its folder. */
export async function readProject(place: string, { count }: { count: number }): Promise<string> {
  const pictures = join(place, 'pictures')
  const folder = join(place, 'stripes.winnow')
  writePictures(pictures, count)
  const engine = new Engine({ home: join(place, 'maker'), program: 'test', visionWorkers: 1 })
  try {
    const { jobs, roots } = await engine.createProject(folder, 'Stripes')
    await roots.add(rootSpec.parse({ path: pictures }))
    const { id } = await jobs.start(jobRequest.parse({ kind: 'scan' }))
    await jobs.done(id)
  } finally {
    await engine.close()
  }
  return folder
}
