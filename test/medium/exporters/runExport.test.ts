import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, onTestFinished, test } from 'vitest'
import { exportSpec } from '../../../core/contract/exports.ts'
import { exportScope } from '../../../core/exporters/entries.ts'
import { planExport } from '../../../core/exporters/planExport.ts'
import { verifyExport } from '../../../core/exporters/verifyExport.ts'
import type { Project } from '../../../core/project/project.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'
import { exportTo, linesOf, namesIn, originalsOf, projectOf, snapshot, type Picture } from './exportFixture.ts'

const pictures: readonly Picture[] = [
  { path: 'cat/a.jpg', label: 'cat', role: 'train' },
  { path: 'cat/b.jpg', label: 'cat', verdict: { value: 'drop', reason: '0.99 like cat/a.jpg', keeper: 1, similarity: 0.99 } },
  { path: 'dog/a.jpg', label: 'dog', human: { label: 'cat', run: 1, score: 0.83 }, role: 'test' },
  { path: 'dog/c.jpg', label: 'dog', verdict: { value: 'unsure' } },
  { path: 'dog/d.jpg', label: 'dog', verdict: { value: 'drop', reason: 'blurred' } },
  { path: 'loose.jpg' },
  { path: 'dog/e.jpg', label: 'dog', human: { state: 'unsure' } },
  { path: 'dog/f.jpg', label: 'dog', state: 'failed' },
  { path: 'dog/g.jpg', label: 'dog', state: 'missing' }
]

async function open(list: readonly Picture[] = pictures): Promise<{ folder: string; project: Project; target: string }> {
  const folder = temporaryFolder('export')
  const project = await projectOf(folder, list)
  onTestFinished(async () => await project.close())
  return { folder, project, target: join(folder, 'out', 'dataset') }
}
const plan = async (project: Project, spec: Parameters<typeof exportSpec.parse>[0]) => await planExport(project, exportSpec.parse(spec), await exportScope(project, null))
const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')
const manifestOf = (target: string) => linesOf(join(target, 'manifest.jsonl'))

describe('an export', () => {
  test('is a folder for each class, checked by sha256sum and by verify; the originals are as they were', async () => {
    const { folder, project, target } = await open()
    const before = snapshot(originalsOf(folder))
    const outcome = await exportTo(project, { target })
    const suffix = sha256Of('picture dog/a.jpg').slice(0, 8)
    expect(namesIn(target)).toEqual(['SHA256SUMS', '_unlabelled/loose.jpg', `cat/a-${suffix}.jpg`, 'cat/a.jpg', 'classes.txt', 'dataset.json', 'manifest.jsonl'])
    expect(readFileSync(join(target, 'classes.txt'), 'utf8')).toBe('cat\n')
    expect(outcome).toMatchObject({ images: 3, excluded: 6, format: 'imagefolder', media: 'copy', target })
    expect(execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: target }).toString().trim().split('\n')).toHaveLength(6)
    expect(await verifyExport(target)).toMatchObject({ ok: true, changed: [], missing: [], extra: [] })
    expect(snapshot(originalsOf(folder))).toEqual(before)
    expect(readdirSync(join(folder, 'out'))).toEqual(['dataset'])
  })

  test('says of each file what was decided, by whom and why', async () => {
    const { project, target } = await open()
    await exportTo(project, { target })
    const bySource = new Map(manifestOf(target).map((line) => [(line.source as { path: string }).path, line]))
    expect(bySource.size).toBe(pictures.length)
    expect(bySource.get('cat/a.jpg')).toMatchObject({ status: 'kept', path: 'cat/a.jpg', label: 'cat', labelSource: 'given', split: 'train', width: 64, height: 48, phash: '0707070707070707' })
    expect(bySource.get('dog/a.jpg')).toMatchObject({ status: 'kept', label: 'cat', givenLabel: 'dog', labelSource: 'prediction', labelRun: 1, labelScore: 0.83, labelDecision: { who: 'tester', rule: 'accept-groups', at: '2023-11-14T22:13:20.000Z' } })
    expect(bySource.get('cat/b.jpg')).toMatchObject({ status: 'excluded', reason: 'dropped as a duplicate', similarity: 0.99, keeper: { path: 'cat/a.jpg', sha256: bySource.get('cat/a.jpg')?.sha256 }, verdictReason: '0.99 like cat/a.jpg' })
    expect(bySource.get('dog/d.jpg')).toMatchObject({ status: 'excluded', reason: 'dropped', verdictReason: 'blurred' })
    expect(bySource.get('dog/c.jpg')).toMatchObject({ reason: 'marked unsure' })
    expect(bySource.get('dog/e.jpg')).toMatchObject({ reason: 'label marked unsure' })
    expect(bySource.get('dog/f.jpg')).toMatchObject({ reason: 'could not be read', failure: 'truncated' })
    expect(bySource.get('dog/g.jpg')).toMatchObject({ reason: 'missing on disk' })
    const dataset = JSON.parse(readFileSync(join(target, 'dataset.json'), 'utf8')) as Record<string, unknown>
    expect(dataset).toMatchObject({ project: { id: project.meta.id, name: 'Pictures' }, counts: { images: 3, excluded: { dropped: 1, 'dropped as a duplicate': 1 } }, runs: [{ kind: 'folders' }] })
  })

  test('gives the same files and the same manifest every time', async () => {
    const { folder, project, target } = await open()
    await exportTo(project, { target })
    const again = join(folder, 'again')
    await exportTo(project, { target: again })
    for (const name of ['manifest.jsonl', 'classes.txt']) expect(readFileSync(join(again, name))).toEqual(readFileSync(join(target, name)))
    expect(namesIn(again)).toEqual(namesIn(target))
  })

  test('follows its filters', async () => {
    const { folder, project, target } = await open()
    expect((await exportTo(project, { target, labelledOnly: true, withoutUnsure: false, splitFolders: true })).images).toBe(4)
    expect(namesIn(target).filter((name) => name.endsWith('.jpg'))).toEqual(['test/cat/a.jpg', 'train/cat/a.jpg', 'train/dog/c.jpg', 'train/dog/e.jpg'])
    const chosen = await exportTo(project, { target: join(folder, 'chosen') }, { selected: Int32Array.of(3, 2) })
    expect(chosen).toMatchObject({ images: 1, excluded: 8 })
    expect(manifestOf(join(folder, 'chosen'))).toHaveLength(2)
  })

  test('writes a table as CSV or JSONL, the images beside it', async () => {
    const { folder, project, target } = await open()
    await exportTo(project, { target, format: 'csv' })
    const rows = parse(readFileSync(join(target, 'metadata.csv')), { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[]
    expect(rows.map(({ file_name, label, group_id }) => [file_name?.replace(/-[0-9a-f]{8}/, '-#'), label, group_id])).toEqual([['images/cat/a.jpg', 'cat', '1'], ['images/cat/a-#.jpg', 'cat', ''], ['images/_unlabelled/loose.jpg', '', '']])
    for (const { file_name } of rows) expect(existsSync(join(target, file_name ?? ''))).toBe(true)
    const jsonl = join(folder, 'jsonl')
    await exportTo(project, { target: jsonl, format: 'jsonl' })
    expect(linesOf(join(jsonl, 'metadata.jsonl')).map(({ label }) => label)).toEqual(['cat', 'cat', null])
    for (const one of [target, jsonl]) expect((await verifyExport(one)).ok).toBe(true)
  })

  test('can link instead of copying, or only list', async () => {
    const { folder, project } = await open()
    const before = snapshot(originalsOf(folder))
    const [hard, soft, list] = ['hard', 'soft', 'list'].map((name) => join(folder, name)) as [string, string, string]
    await exportTo(project, { target: hard, media: 'hardlink' })
    expect(statSync(join(hard, 'cat/a.jpg')).ino).toBe(statSync(join(originalsOf(folder), 'cat/a.jpg')).ino)
    await exportTo(project, { target: soft, media: 'symlink' })
    expect(readlinkSync(join(soft, 'cat/a.jpg'))).toBe(join(originalsOf(folder), 'cat/a.jpg'))
    await exportTo(project, { target: list, media: 'list' })
    expect(namesIn(list)).toEqual(['SHA256SUMS', 'classes.txt', 'dataset.json', 'manifest.jsonl', 'metadata.csv'])
    expect(readFileSync(join(list, 'metadata.csv'), 'utf8')).toContain(join(originalsOf(folder), 'cat/a.jpg'))
    for (const target of [hard, soft, list]) {
      expect(await verifyExport(target)).toMatchObject({ ok: true })
      execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: target })
    }
    expect(snapshot(originalsOf(folder))).toEqual(before)
    rmSync(join(originalsOf(folder), 'cat/a.jpg'))
    expect(await verifyExport(soft)).toMatchObject({ ok: false, missing: ['cat/a.jpg'] })
    expect((await verifyExport(list)).counts.missing).toBe(1)
    expect((await verifyExport(hard)).ok).toBe(true)
  })

  test('keeps labels inside the target, whatever they are called', async () => {
    const labels = ['../../etc', '..', '/abs', 'con', 'a/b', 'a\\b', 'nul.txt', 'trailing. ', '.hidden', 'manifest.jsonl', 'SHA256SUMS', 'classes.txt', '_unlabelled', 'CON', 'x'.repeat(255), 'Ünï', 'Ünï'.normalize('NFD'), '‮gpj']
    const { folder, project, target } = await open([...labels.map((label, i) => ({ path: `${i}/same name.jpg`, label })), { path: 'no label.jpg' }])
    await exportTo(project, { target })
    const files = namesIn(target).filter((name) => name.endsWith('.jpg'))
    expect(files).toHaveLength(labels.length + 1)
    for (const name of files) expect(resolve(target, Buffer.from(name, 'latin1').toString()).startsWith(`${target}/`)).toBe(true)
    expect(readdirSync(folder).toSorted()).toEqual(['originals', 'out', 'project.winnow'])
    expect(readdirSync(join(folder, 'out'))).toEqual(['dataset'])
    expect(await verifyExport(target)).toMatchObject({ ok: true })
  })

  test('finds files whose names are not UTF-8, or have quotes, line breaks and 255 bytes', async () => {
    const names = [Buffer.from([0x63, 0xff, 0xfe, 0x2e, 0x6a, 0x70, 0x67]), 'a "quoted" \'name\'.jpg', 'two\nlines.jpg', `${'n'.repeat(251)}.jpg`, '=formula.jpg', ' leading.jpg']
    for (const media of ['copy', 'symlink', 'hardlink', 'list'] as const) {
      const { folder, project, target } = await open(names.map((path) => ({ path, label: 'odd' })))
      const before = snapshot(originalsOf(folder))
      expect((await exportTo(project, { target, media })).images).toBe(names.length)
      expect(await verifyExport(target), media).toMatchObject({ ok: true })
      expect(snapshot(originalsOf(folder))).toEqual(before)
    }
  })
})

describe('an export does not start', () => {
  test.each([
    ['where there is something', (folder: string) => { mkdirSync(join(folder, 'out/dataset'), { recursive: true }); writeFileSync(join(folder, 'out/dataset/x'), ''); return join(folder, 'out/dataset') }, /already something/],
    ['on a file', (folder: string) => { writeFileSync(join(folder, 'file'), ''); return join(folder, 'file') }, /is a file or a link/],
    ['inside a folder of images', (folder: string) => join(originalsOf(folder), 'export'), /lies inside the image folder/],
    ['around a folder of images', (folder: string) => folder, /lies inside/],
    ['inside a folder of images through a link', (folder: string) => { symlinkSync(originalsOf(folder), join(folder, 'link')); return join(folder, 'link/export') }, /lies inside the image folder/],
    ['inside the project', (folder: string) => join(folder, 'project.winnow/export'), /lies inside the project/],
    ['at a path that is not whole', () => 'dataset', /not a whole path/]
  ])('%s', async (_where, place, sentence) => {
    const { folder, project } = await open()
    const target = place(folder)
    const before = snapshot(originalsOf(folder))
    expect((await plan(project, { target })).conflicts.map(({ message }) => message).join(' ')).toMatch(sentence)
    await expect(exportTo(project, { target })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(sentence) as string })
    expect(snapshot(originalsOf(folder))).toEqual(before)
  })

  test('where nothing is left, or originals have gone', async () => {
    const { folder, project, target } = await open([{ path: 'a.jpg', verdict: { value: 'drop' } }])
    await expect(exportTo(project, { target })).rejects.toThrow(/Nothing would be exported/)
    rmSync(originalsOf(folder), { recursive: true })
    const { project: other, folder: place, target: out } = await open()
    rmSync(join(originalsOf(place), 'cat/a.jpg'))
    expect((await plan(other, { target: out })).conflicts[0]?.message).toMatch(/1 original cannot be read now, such as .*cat\/a\.jpg/)
  })
})

describe('an export that cannot be finished', () => {
  test('names the file that changed since the scan, and leaves nothing', async () => {
    const { folder, project, target } = await open()
    const file = join(originalsOf(folder), 'dog/a.jpg')
    const { atime, mtime, size } = statSync(file)
    writeFileSync(file, 'x'.repeat(size))
    utimesSync(file, atime, mtime)
    await expect(exportTo(project, { target })).rejects.toThrow(/dog\/a\.jpg changed on disk since the scan/)
    expect(readdirSync(join(folder, 'out'))).toEqual([])
  })

  test('leaves nothing when it is cancelled', async () => {
    const { folder, project, target } = await open()
    const reason = new Error('stop')
    await expect(exportTo(project, { target }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(existsSync(target)).toBe(false)
    expect(existsSync(join(folder, 'out')) ? readdirSync(join(folder, 'out')) : []).toEqual([])
  })

  test('takes an empty folder as its target', async () => {
    const { project, target } = await open()
    mkdirSync(target, { recursive: true })
    await exportTo(project, { target })
    expect((await verifyExport(target)).ok).toBe(true)
  })

  test('knows its own export again, when the engine was killed just after the last step', async () => {
    const { project, target } = await open()
    const first = await exportTo(project, { target }, { exportId: 'mine' })
    const again = await exportTo(project, { target }, { exportId: 'mine' })
    expect(again).toMatchObject({ resumed: true, manifestSha256: first.manifestSha256, images: first.images, at: first.at })
    await expect(exportTo(project, { target }, { exportId: 'another' })).rejects.toThrow(/already something/)
    const id = await project.write.exports.add(exportSpec.parse({ target }), { at: first.at, target, format: 'imagefolder', media: 'copy', images: 1, bytes: 1, excluded: 0, manifestSha256: first.manifestSha256, milliseconds: 1 })
    expect(await project.write.exports.add(exportSpec.parse({ target }), { at: first.at, target, format: 'imagefolder', media: 'copy', images: 1, bytes: 1, excluded: 0, manifestSha256: first.manifestSha256, milliseconds: 1 })).toBe(id)
    expect(await project.read.exports.history()).toMatchObject([{ id, target }])
  })
})

describe('the dry run', () => {
  test('says what would be written, and writes nothing', async () => {
    const { folder, project, target } = await open()
    const said = await plan(project, { target })
    expect(said).toMatchObject({
      images: 3,
      conflicts: [],
      classes: [{ name: '(no class)', folder: '_unlabelled', count: 1 }, { name: 'cat', folder: 'cat', count: 2 }],
      renamed: 1,
      renamedExamples: [{ from: 'dog/a.jpg' }],
      command: `npm run winnow -- export ${project.folder} ${target} --format imagefolder --media copy`
    })
    expect(said.excluded).toContainEqual({ reason: 'dropped as a duplicate', count: 1 })
    expect(said.tree[0]).toBe('dataset/')
    expect(said.tree).toContain('  cat/  2 images')
    expect(said.firstRows[0]).toContain('"path":"cat/a.jpg"')
    expect(said.warnings.join()).toMatch(/without a class go to _unlabelled/)
    expect(said.freeBytes).toBeGreaterThan(0)
    expect(readdirSync(folder).toSorted()).toEqual(['originals', 'project.winnow'])
    const written = await exportTo(project, { target })
    expect(written).toMatchObject({ images: said.images, bytes: said.bytes })
    expect(lstatSync(target).isDirectory()).toBe(true)
  })
})
