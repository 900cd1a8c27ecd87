import { appendFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { verifyExport } from '../../../core/exporters/verifyExport.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'
import { exportTo, projectOf } from './exportFixture.ts'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'

let good = ''
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-verify-'))
  const project = await projectOf(folder, [{ path: 'a/1.jpg', label: 'a' }, { path: 'a/2.jpg', label: 'a' }, { path: 'b/3.jpg', label: 'b' }, { path: 'b/4.jpg', label: 'b', verdict: { value: 'drop' } }])
  good = join(folder, 'good')
  await exportTo(project, { target: good, format: 'csv' })
  await project.close()
  return () => rmSync(folder, { recursive: true })
})

function copy(): string {
  const folder = join(temporaryFolder('verify'), 'copy')
  cpSync(good, folder, { recursive: true })
  return folder
}

/** Puts another manifest in place and makes dataset.json agree with it, as someone with bad intent would. */
function withManifest(change: (text: string) => string): string {
  const folder = copy()
  const manifest = join(folder, 'manifest.jsonl')
  writeFileSync(manifest, change(readFileSync(manifest, 'utf8')))
  const dataset = JSON.parse(readFileSync(join(folder, 'dataset.json'), 'utf8')) as { manifest: Record<string, unknown> }
  const bytes = readFileSync(manifest)
  dataset.manifest = { ...dataset.manifest, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }
  writeFileSync(join(folder, 'dataset.json'), JSON.stringify(dataset))
  return folder
}

describe('verify', () => {
  test('needs no project, and a folder that was moved is still good', async () => {
    expect(await verifyExport(copy())).toMatchObject({ ok: true, checked: 6, counts: { changed: 0, missing: 0, extra: 0 } })
  })

  test.each([
    ['a changed byte', (f: string) => { const path = join(f, 'images/a/1.jpg'); const bytes = readFileSync(path); bytes[3] = (bytes[3] ?? 0) ^ 1; writeFileSync(path, bytes) }, { changed: ['images/a/1.jpg'] }],
    ['a shortened file', (f: string) => truncateSync(join(f, 'images/a/2.jpg'), 3), { changed: ['images/a/2.jpg'] }],
    ['a missing file', (f: string) => unlinkSync(join(f, 'images/b/3.jpg')), { missing: ['images/b/3.jpg'] }],
    ['an extra file', (f: string) => writeFileSync(join(f, 'images/b/new.jpg'), ''), { extra: ['images/b/new.jpg'] }],
    ['an extra file whose name differs in case only', (f: string) => writeFileSync(join(f, 'images/b/3.JPG'), ''), { extra: ['images/b/3.JPG'] }],
    ['a renamed file', (f: string) => renameSync(join(f, 'images/b/3.jpg'), join(f, 'images/b/5.jpg')), { missing: ['images/b/3.jpg'], extra: ['images/b/5.jpg'] }],
    ['a link in place of a file', (f: string) => { renameSync(join(f, 'images/b/3.jpg'), join(f, '../outside.jpg')); symlinkSync(join(f, '../outside.jpg'), join(f, 'images/b/3.jpg')) }, { changed: ['images/b/3.jpg'] }],
    ['a link in place of a folder', (f: string) => { renameSync(join(f, 'images/b'), join(f, '../b')); symlinkSync(join(f, '../b'), join(f, 'images/b')) }, { extra: ['images/b'] }],
    ['a changed table', (f: string) => appendFileSync(join(f, 'metadata.csv'), 'x'), { changed: ['metadata.csv'] }],
    ['a missing class list', (f: string) => unlinkSync(join(f, 'classes.txt')), { missing: ['classes.txt'] }],
    ['a changed SHA256SUMS', (f: string) => appendFileSync(join(f, 'SHA256SUMS'), '\n'), { changed: ['SHA256SUMS'] }],
    ['a missing SHA256SUMS', (f: string) => unlinkSync(join(f, 'SHA256SUMS')), { missing: ['SHA256SUMS'] }],
    ['a changed dataset.json', (f: string) => { const path = join(f, 'dataset.json'); writeFileSync(path, readFileSync(path, 'utf8').replace('"Pictures"', '"Others"')) }, { changed: ['SHA256SUMS'] }]
  ])('finds %s', async (_what, damage, found) => {
    const folder = copy()
    damage(folder)
    const report = await verifyExport(folder)
    expect(report.ok).toBe(false)
    expect({ changed: report.changed, missing: report.missing, extra: report.extra }).toEqual({ changed: [], missing: [], extra: [], ...found })
  })

  test.runIf(process.platform === 'linux')('finds an extra folder whose name is not UTF-8 (Linux only)', async () => {
    const folder = copy()
    const extra = Buffer.concat([Buffer.from(`${folder}/images/`), Buffer.of(0xff)])
    mkdirSync(extra)
    writeFileSync(Buffer.concat([extra, Buffer.from('/x')]), '')
    expect(await verifyExport(folder)).toMatchObject({ ok: false, extra: ['images/\ufffd/x'] })
  })

  test.each([
    ['no dataset.json', (f: string) => unlinkSync(join(f, 'dataset.json')), 'NOT_FOUND', /holds no export/],
    ['dataset.json that is not JSON', (f: string) => writeFileSync(join(f, 'dataset.json'), '{'), 'CORRUPT', /dataset\.json is not JSON/],
    ['dataset.json of something else', (f: string) => writeFileSync(join(f, 'dataset.json'), '{"kind":"x"}'), 'CORRUPT', /dataset\.json: kind/],
    ['no manifest', (f: string) => unlinkSync(join(f, 'manifest.jsonl')), 'CORRUPT', /manifest\.jsonl is missing/],
    ['a changed manifest', (f: string) => { const path = join(f, 'manifest.jsonl'); writeFileSync(path, readFileSync(path, 'utf8').replace('"a"', '"c"')) }, 'CORRUPT', /was changed/]
  ])('refuses a folder with %s', async (_what, damage, code, sentence) => {
    const folder = copy()
    damage(folder)
    await expect(verifyExport(folder)).rejects.toMatchObject({ name: 'WinnowError', code, message: expect.stringMatching(sentence) as string })
  })

  test.each([
    ['../../../etc/passwd', /line 2 names .*not a path inside/],
    ['/etc/passwd', /line 2 names .*not a path inside/],
    [String.raw`..\\..\\secret`, /line 2 names .*not a path inside/],
    ['C:/Windows/x', /line 2 names .*not a path inside/],
    ['images//a', /line 2 names/],
    ['images/a/1.jpg', /line 2 names "images\/a\/1\.jpg", which an earlier line names too/]
  ])('refuses a manifest that names %s', async (path, sentence) => {
    const folder = withManifest((text) => text.replace('images/a/2.jpg', path))
    await expect(verifyExport(folder)).rejects.toMatchObject({ code: 'CORRUPT', message: expect.stringMatching(sentence) as string })
  })

  test('names the line that is no line of a manifest', async () => {
    await expect(verifyExport(withManifest((text) => `${text}{"status":"kept"}\n`))).rejects.toThrow(/line 5 is not as an export writes it: path/)
    await expect(verifyExport(withManifest((text) => `{oops\n${text}`))).rejects.toThrow(/line 1 is not JSON/)
    await expect(verifyExport(withManifest(() => `"${'x'.repeat(2 << 20)}"`))).rejects.toThrow(/line 1 is longer than any line/)
    await expect(verifyExport(withManifest((text) => text.split('\n').slice(1).join('\n')))).rejects.toThrow(/3 lines; dataset\.json speaks of 4/)
    expect(statSync(good).isDirectory()).toBe(true)
  })

  test('stops when it is asked to', async () => {
    const reason = new Error('stop')
    await expect(verifyExport(good, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
