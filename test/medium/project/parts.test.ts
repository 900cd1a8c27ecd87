import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { jobRequest } from '../../../core/contract/jobs.ts'
import { rootSpec } from '../../../core/contract/project.ts'
import { Engine } from '../../../core/engine.ts'
import type { Box } from '../../../core/descriptors/partView.ts'
import { ppm, writePictures } from '../../support/pictures.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

const box = (left: number, top = 0): Box => ({ left, top, width: 4, height: 5 })

async function openWithPictures() {
  const folder = temporaryFolder('parts')
  const photos = join(folder, 'photos')
  mkdirSync(photos)
  writePictures(photos, 3, ['a'])
  const engine = new Engine({ home: join(folder, 'home'), program: 'test', visionWorkers: 1 })
  onTestFinished(async () => await engine.close())
  const open = await engine.createProject(join(folder, 'p'), 'Parts')
  await open.roots.add(rootSpec.parse({ path: photos }))
  const scan = async () => await open.jobs.done((await open.jobs.start(jobRequest.parse({ kind: 'scan' }))).id)
  await scan()
  return { photos, project: open.project, scan }
}

test('the same box of the same search has the same part id again; another search gets ids of its own', async () => {
  const { project } = await openWithPictures()
  const { read, write } = project
  expect(await write.parts.keep('proposal', 'one', [{ imageId: 1, boxes: [box(0), box(7)] }, { imageId: 2, boxes: [] }])).toBe(0)
  const first = await read.parts.found('proposal', 'one', [1, 2])
  expect(first).toEqual([{ imageId: 1, part: 100, box: box(0) }, { imageId: 1, part: 101, box: box(7) }])
  expect(await write.parts.keep('proposal', 'one', [{ imageId: 1, boxes: [box(7), box(3), box(0), box(3)] }])).toBe(0)
  expect(await read.parts.found('proposal', 'one', [1])).toEqual([...first, { imageId: 1, part: 102, box: box(3) }])
  await write.parts.keep('proposal', 'two', [{ imageId: 1, boxes: [box(0)] }])
  expect(await read.parts.found('proposal', 'two', [1])).toEqual([{ imageId: 1, part: 103, box: box(0) }])
  await write.parts.keep('detector', 'one', [{ imageId: 1, boxes: [box(0)] }])
  expect(await read.parts.found('detector', 'one', [1])).toEqual([{ imageId: 1, part: 1000, box: box(0) }])
  expect(await read.parts.byId(1, 101)).toEqual({ imageId: 1, part: 101, box: box(7) })
  expect(await read.parts.byId(1, 999)).toBeNull()
})

test('when ids run out, nothing that is there changes, and how many were left out is said', async () => {
  const { read, write } = (await openWithPictures()).project
  const many = Array.from({ length: 950 }, (_, i) => box(i))
  expect(await write.parts.keep('proposal', 'one', [{ imageId: 3, boxes: many }])).toBe(50)
  expect(await write.parts.keep('proposal', 'two', [{ imageId: 3, boxes: [box(5000)] }])).toBe(1)
  const found = await read.parts.found('proposal', 'one', [3])
  expect(found).toHaveLength(900)
  expect(found.at(-1)).toEqual({ imageId: 3, part: 999, box: box(899) })
})

test('a picture that changed has no parts; one that is gone gets none', async () => {
  const { project, photos, scan } = await openWithPictures()
  await project.write.parts.keep('proposal', 'one', [{ imageId: 1, boxes: [box(0)] }, { imageId: 2, boxes: [box(1)] }, { imageId: 99, boxes: [box(2)] }])
  writeFileSync(join(photos, 'a', '0.ppm'), ppm(77, 50, 30))
  await scan()
  expect(await project.read.parts.found('proposal', 'one', [1, 2, 99])).toEqual([{ imageId: 2, part: 100, box: box(1) }])
  expect([...(await project.read.parts.imageSizes(Int32Array.of(1, 2, 99)))]).toEqual([50, 30, 48, 40, 0, 0])
})
