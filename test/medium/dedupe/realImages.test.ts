import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DuplicateGroup, DuplicateSettings } from '../../../core/contract/duplicates.ts'
import { duplicatesJob } from '../../../core/dedupe/duplicatesJob.ts'
import { DuplicateService } from '../../../core/dedupe/duplicateService.ts'
import type { Engine } from '../../../core/engine.ts'
import { scanJob } from '../../../core/images/scanJob.ts'
import type { JobContext } from '../../../core/jobs/job.ts'
import { embedJob } from '../../../core/models/embedJob.ts'
import { ModelLibrary } from '../../../core/models/modelLibrary.ts'
import { Project } from '../../../core/project/project.ts'
import { SearchHost } from '../../../core/search/searchHost.ts'
import { VisionPool } from '../../../core/workers/visionPool.ts'

const data = join(process.env.WINNOW_SHARED ?? resolve(import.meta.dirname, '../../../../shared'), 'data')
const there = existsSync(join(data, 'edits'))

describe.skipIf(!there)(`real images${there ? '' : ' (skipped: ../shared/data is not here)'}`, () => {
  let folder: string
  let project: Project
  let service: DuplicateService
  let settings: DuplicateSettings
  const vision = new VisionPool({ workers: 2 })
  const search = new SearchHost()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'winnow-real-'))
    project = await Project.create(join(folder, 'p'), 'real')
    const turned = join(folder, 'turned')
    await mkdir(turned)
    const original = await readFile(join(data, 'edits/ukbench/ukbench00120.jpg'))
    await writeFile(join(turned, 'copy.jpg'), original)
    await writeFile(join(turned, 'lossless.png'), await sharp(original).png().toBuffer())
    await writeFile(join(turned, 'quarter.jpg'), await sharp(original).rotate(90).jpeg({ quality: 80 }).toBuffer())
    await writeFile(join(turned, 'half.jpg'), await sharp(original).rotate(180).jpeg({ quality: 80 }).toBuffer())
    await writeFile(join(turned, 'enlarged.jpg'), await sharp(await sharp(original).resize(96, 72).toBuffer()).resize(1920, 1440).jpeg({ quality: 95 }).toBuffer())
    await writeFile(join(turned, 'white.png'), await sharp({ create: { width: 400, height: 300, channels: 3, background: '#fff' } }).png().toBuffer())
    await writeFile(join(turned, 'grey.png'), await sharp({ create: { width: 300, height: 300, channels: 3, background: '#888' } }).png().toBuffer())
    const root = { role: 'train' as const, protected: false, labelsFromFolders: false, exclude: [], svg: false }
    await project.write.roots.add({ ...root, path: join(data, 'edits'), include: [] }, 0)
    await project.write.roots.add({ ...root, path: join(data, 'near-duplicates'), include: [] }, 0)
    await project.write.roots.add({ ...root, path: join(data, 'photos-101'), include: ['[m-o]*/**', 'wrench/**', 'crayfish/**'] }, 0)
    await project.write.roots.add({ ...root, path: turned, include: [] }, 0)
    const engine = { vision, search, models: new ModelLibrary({ folder: join(folder, 'models'), vision } as ConstructorParameters<typeof ModelLibrary>[0]) } as unknown as Engine
    const context: JobContext = { engine, project, signal: new AbortController().signal, jobId: 1, report: () => undefined, fail: () => undefined, note: () => undefined }
    await scanJob({ kind: 'scan' }, context)
    await embedJob({ kind: 'embed', dtype: 'float32' }, context)
    await duplicatesJob({ kind: 'duplicates', engine: 'exact' }, context)
    service = new DuplicateService(context)
    settings = await service.settings()
  })

  afterAll(async () => {
    await service?.close()
    await search.close()
    await vision.close()
    await project?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  async function groups(over: Partial<DuplicateSettings>): Promise<DuplicateGroup[]> {
    const at = { ...settings, ...over }
    const { groups: ids } = await service.groups({ settings: at, filter: { state: 'all' }, order: 'path' })
    const rows: DuplicateGroup[] = []
    for (let i = 0; i < ids.length; i += 60) rows.push(...(await service.rows({ settings: at, groups: ids.slice(i, i + 60) })))
    return rows
  }
  const names = (group: DuplicateGroup | undefined): string[] => group?.members.map(({ image }) => image.path) ?? []
  const holding = (list: readonly DuplicateGroup[], path: string): DuplicateGroup | undefined => list.find((group) => names(group).includes(path))
  const saidOf = (group: DuplicateGroup | undefined, path: string): string => group?.members.find(({ image }) => image.path === path)?.comparisons.map(({ text }) => text).join('; ') ?? ''

  test('the perceptual hash finds every edit of a picture, and the keeper is not an edit that only looks better', async () => {
    const bridge = holding(await groups({ threshold: null }), 'bridge/aaa-orig.jpg')
    expect(bridge?.members).toHaveLength(12)
    expect(bridge?.members[0]?.image).toMatchObject({ width: 1600, height: 1004 })
    expect(names(bridge)[0]).not.toContain('blur')
  })

  test('mirrored and turned copies are found and named; copies of the file and of its pixels as well', async () => {
    const zebra = holding(await groups({ threshold: null }), 'ukbench/ukbench00120.jpg')
    for (const path of ['ukbench/ukbench00120_hflip.jpg', 'ukbench/ukbench00120_gray.jpg', 'ukbench/ukbench00120_resize.jpg', 'quarter.jpg', 'half.jpg', 'copy.jpg', 'lossless.png']) expect(names(zebra)).toContain(path)
    expect(saidOf(zebra, 'ukbench/ukbench00120_hflip.jpg')).toContain('mirrored')
    expect(saidOf(zebra, 'quarter.jpg')).toContain('turned by 90°')
    expect(saidOf(zebra, 'half.jpg')).toContain('turned by 180°')
    expect(names(zebra)).not.toContain('ukbench/ukbench09268.jpg')
    const originals = ['ukbench/ukbench00120.jpg', 'copy.jpg', 'lossless.png']
    expect(originals).toContain(names(zebra)[0])
    const kinds = zebra?.members.filter(({ image, keeper }) => !keeper && originals.includes(image.path)).map(({ kind }) => kind)
    expect(kinds?.sort()).toEqual(names(zebra)[0] === 'lossless.png' ? ['pixel', 'pixel'] : ['exact', 'pixel'])
  })

  test('an enlargement is not preferred for its pixels', async () => {
    const zebra = holding(await groups({ threshold: null, rules: ['larger'] }), 'enlarged.jpg')
    expect(names(zebra)[0]).not.toBe('enlarged.jpg')
    expect(saidOf(zebra, 'enlarged.jpg')).toContain('enlarged: 1920×1440')
  })

  test('at the default radius no two pictures of different classes are taken for each other, and flat ones never', async () => {
    for (const group of await groups({ threshold: null, radius: 6 })) {
      const classes = new Set(names(group).filter((path) => path.includes('/image_')).map((path) => path.split('/')[0]))
      expect(classes.size).toBeLessThanOrEqual(1)
      expect(names(group)).not.toContain('white.png')
    }
  })

  test('frames of one scene, which a hash cannot tell apart from others, are found by the descriptor', async () => {
    const count = (list: readonly DuplicateGroup[]): number => list.flatMap((group) => names(group).slice(1)).filter((path) => path.startsWith('potatoes/')).length
    const byHash = count(await groups({ threshold: null }))
    const both = await groups({})
    expect(count(both)).toBeGreaterThan(byHash + 60)
    const least = Math.fround(settings.threshold as number)
    for (const { leastToKeeper, leastInside, members } of both) {
      expect(members.filter(({ kind, similarity }) => kind === 'descriptor' && (similarity ?? 0) < least)).toEqual([])
      if (leastToKeeper !== null && leastInside !== null) expect(leastInside).toBeLessThanOrEqual(leastToKeeper)
    }
  })
})
