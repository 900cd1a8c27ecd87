import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { rootSpec } from '../../../core/contract/project.ts'
import { jobRequest, type JobRequestInput } from '../../../core/contract/jobs.ts'
import { imagesOfGroups } from '../../../core/dedupe/groupColumns.ts'
import { Engine } from '../../../core/engine.ts'
import { ppm } from '../../support/pictures.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

test('"not a duplicate" is remembered by content: through renames, a folder taken out and added again, and a restart', async () => {
  const folder = temporaryFolder('veto')
  const photos = join(folder, 'photos')
  mkdirSync(photos)
  const picture = await sharp(ppm(3, 160, 120).subarray('P6\n160 120\n255\n'.length), { raw: { width: 160, height: 120, channels: 3 } }).blur(3).toColourspace('srgb').png().toBuffer()
  writeFileSync(join(photos, 'first.jpg'), await sharp(picture).jpeg({ quality: 95 }).toBuffer())
  writeFileSync(join(photos, 'second.jpg'), await sharp(picture).jpeg({ quality: 60 }).toBuffer())

  const engine = new Engine({ home: join(folder, 'home'), program: 'test', visionWorkers: 1 })
  onTestFinished(async () => await engine.close())
  let open = await engine.createProject(join(folder, 'p'), 'P')
  const run = async (request: JobRequestInput): Promise<void> => {
    const { id } = await open.jobs.start(jobRequest.parse(request))
    expect(await open.jobs.done(id)).toMatchObject({ state: 'done', failures: 0 })
  }
  const search = async (): Promise<number[][]> => {
    await run({ kind: 'scan' })
    await run({ kind: 'duplicates' })
    return imagesOfGroups(await open.duplicates.resolveGroups(await open.duplicates.settings(), 'all', { state: 'all' }))
  }
  const root = await open.roots.add(rootSpec.parse({ path: photos }))
  const [group = []] = await search()
  expect(group).toHaveLength(2)
  await open.decisions.apply({ kind: 'break-group', settings: await open.duplicates.settings(), group: group[0] ?? 0, images: group.slice(1) })
  expect(await search()).toEqual([])

  mkdirSync(join(photos, 'elsewhere'))
  renameSync(join(photos, 'first.jpg'), join(photos, 'elsewhere', 'a name.jpg'))
  renameSync(join(photos, 'second.jpg'), join(photos, 'first.jpg'))
  expect(await search()).toEqual([])

  await open.roots.remove({ id: root.id })
  await open.roots.add(rootSpec.parse({ path: photos }))
  expect(await search()).toEqual([])

  await engine.closeProject()
  open = await engine.openProject(join(folder, 'p.winnow'))
  expect(await search()).toEqual([])
  await open.decisions.undo()
  expect(await search()).toHaveLength(1)
})
