import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync, readFileSync, statSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import sharp from 'sharp'
import { afterEach, describe, expect, test } from 'vitest'
import { displayImage, originalFile, readThumb } from '../../../core/images/media.ts'
import { VisionPool } from '../../../core/workers/visionPool.ts'
import { scanBench, type ScanBench } from './scanBench.ts'

let bench: ScanBench
afterEach(async () => await bench.close())

let shade = 0
/** A picture that no other test file has: its own shade and some noise. */
const picture = async (width = 60, height = 40): Promise<Buffer> => {
  shade += 7
  return await sharp({ create: { width, height, channels: 3, background: { r: shade % 256, g: (shade * 3) % 256, b: 99 }, noise: { type: 'gaussian', mean: 120, sigma: 30 } } }).jpeg({ quality: 95 }).toBuffer()
}
const write = async (path: string, bytes?: Buffer): Promise<Buffer> => {
  const content = bytes ?? await picture()
  mkdirSync(join(bench.images, path, '..'), { recursive: true })
  writeFileSync(join(bench.images, path), content)
  return content
}
const isRoot = process.getuid?.() === 0
const details = async (path: string) => await bench.service.details({ id: await bench.idOf(path) })

describe('a scan', () => {
  test('reads everything once: facts, labels from folders, thumbnails; and nothing twice', async () => {
    bench = await scanBench()
    const bytes = await write('cat/a.jpg')
    await write('cat/deep/b.png', await sharp(await picture()).png().toBuffer())
    await write('dog/c.jpg')
    await write('top.webp', await sharp(await picture()).webp().toBuffer())
    const root = await bench.add()
    const run = await bench.scan()
    expect(run.result).toBe('4 images read.')
    expect(run.failures).toEqual([])
    expect(await bench.states()).toEqual({ 'cat/a.jpg': 'ready', 'cat/deep/b.png': 'ready', 'dog/c.jpg': 'ready', 'top.webp': 'ready' })
    const facts = await details('cat/a.jpg')
    expect(facts).toMatchObject({ folder: 'cat', name: 'a.jpg', format: 'jpeg', width: 60, height: 40, className: 'cat', labelSource: 'given', bytes: bytes.length, thumb: true })
    expect(facts.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect((await details('top.webp')).className).toBeNull()
    const thumb = await readThumb(bench.project, facts.id)
    expect((await sharp(thumb?.bytes).metadata()).format).toBe('jpeg')
    expect((await bench.roots.list())[0]).toMatchObject({ id: root.id, images: 4, problems: 0, reachable: true })
    expect((await bench.scan()).result).toBe('0 images read, 4 unchanged.')
    expect(await bench.project.read.images.counts()).toMatchObject({ images: 4, ready: 4, labelled: 3, failed: 0, missing: 0 })
  })

  test('a changed file is read again and loses its vectors; a touched one keeps them', async () => {
    bench = await scanBench()
    await write('a.jpg')
    const same = await write('b.jpg')
    await bench.add()
    await bench.scan()
    const before = await details('a.jpg')
    await write('a.jpg', await picture(90, 30))
    writeFileSync(join(bench.images, 'b.jpg'), same)
    utimesSync(join(bench.images, 'b.jpg'), new Date(), new Date(Date.now() - 60_000))
    expect((await bench.scan()).result).toBe('1 image read, 1 unchanged.')
    const after = await details('a.jpg')
    expect([after.id, after.width, after.height]).toEqual([before.id, 90, 30])
    expect(after.sha256).not.toBe(before.sha256)
    expect((await bench.scan()).result).toBe('0 images read, 2 unchanged.')
  })

  test('a moved file keeps its id, also into another folder of the project; two of the same content are told apart by name', async () => {
    bench = await scanBench()
    await write('old/a.jpg')
    const twin = await write('old/twin1.jpg')
    await write('old/twin2.jpg', twin)
    await write('stays.jpg')
    await bench.add()
    await bench.scan()
    const ids = Object.fromEntries(await Promise.all(['old/a.jpg', 'old/twin1.jpg', 'old/twin2.jpg', 'stays.jpg'].map(async (path) => [path, await bench.idOf(path)])))
    mkdirSync(join(bench.images, 'new'))
    renameSync(join(bench.images, 'old/twin1.jpg'), join(bench.images, 'new/twin1.jpg'))
    renameSync(join(bench.images, 'old/twin2.jpg'), join(bench.images, 'new/twin2.jpg'))
    renameSync(join(bench.images, 'old/a.jpg'), join(bench.images, 'new/renamed.jpg'))
    await write('new/fresh.jpg')
    expect((await bench.scan()).result).toBe('1 image read, 1 unchanged, 3 moved, 3 missing now.')
    expect(await bench.idOf('new/twin1.jpg')).toBe(ids['old/twin1.jpg'])
    expect(await bench.idOf('new/twin2.jpg')).toBe(ids['old/twin2.jpg'])
    expect(await bench.idOf('new/renamed.jpg')).toBe(ids['old/a.jpg'])
    expect(Object.keys(await bench.states())).toHaveLength(5)
    expect((await details('new/renamed.jpg')).className).toBe('new')
    expect((await bench.scan()).result).toBe('0 images read, 5 unchanged.')
  })

  test('a copy is a new image, not a move', async () => {
    bench = await scanBench()
    const bytes = await write('a.jpg')
    await bench.add()
    await bench.scan()
    await write('copy/a.jpg', bytes)
    expect((await bench.scan()).result).toBe('1 image read, 1 unchanged.')
    expect(Object.keys(await bench.states())).toHaveLength(2)
  })

  test('a missing file is marked, keeps what is known of it, and comes back', async () => {
    bench = await scanBench()
    const bytes = await write('a.jpg')
    const stamp = statSync(join(bench.images, 'a.jpg'))
    await write('b.jpg')
    await bench.add()
    await bench.scan()
    const id = await bench.idOf('a.jpg')
    rmSync(join(bench.images, 'a.jpg'))
    const run = await bench.scan()
    expect(run.data).toMatchObject({ missing: 1, read: 0 })
    expect(await bench.states()).toEqual({ 'a.jpg': 'missing', 'b.jpg': 'ready' })
    expect(await originalFile(bench.project, id)).toBeNull()
    expect(await readThumb(bench.project, id)).not.toBeNull()
    writeFileSync(join(bench.images, 'a.jpg'), bytes)
    utimesSync(join(bench.images, 'a.jpg'), stamp.atime, stamp.mtime)
    await bench.scan()
    expect(await bench.states()).toEqual({ 'a.jpg': 'ready', 'b.jpg': 'ready' })
    expect(await bench.idOf('a.jpg')).toBe(id)
  })

  test('a root that cannot be reached is a failure and leaves its images alone; the others are scanned', async () => {
    bench = await scanBench()
    await write('one/a.jpg')
    await write('two/b.jpg')
    await bench.add({ path: join(bench.images, 'one') })
    await bench.add({ path: join(bench.images, 'two') })
    await bench.scan()
    renameSync(join(bench.images, 'one'), join(bench.images, 'gone'))
    await write('two/c.jpg')
    const run = await bench.scan()
    expect(run.failures).toMatchObject([{ imageId: null, subject: join(bench.images, 'one'), reason: 'unreadable' }])
    expect(await bench.states()).toEqual({ 'a.jpg': 'ready', 'b.jpg': 'ready', 'c.jpg': 'ready' })
    expect((await bench.roots.list()).map(({ reachable }) => reachable)).toEqual([false, true])
  })

  test('include and exclude patterns; hidden files and other projects are left out', async () => {
    bench = await scanBench()
    for (const path of ['a.jpg', 'a_mask.jpg', 'raw/b.jpg', '.hidden/c.jpg', '.d.jpg', 'other.winnow/e.jpg', 'deep/f.png']) await write(path)
    await bench.add({ exclude: ['*_mask.*', 'raw'] })
    await bench.scan()
    expect(Object.keys(await bench.states())).toEqual(['a.jpg', 'deep/f.png'])
  })
})

describe('what a scan meets in the wild', () => {
  test('each bad file ends in a state of its own that says why, and the scan goes on', async () => {
    bench = await scanBench()
    const good = await write('good.jpg', await picture(300, 200))
    await write('empty.jpg', Buffer.alloc(0))
    await write('cut.jpg', good.subarray(0, 3000))
    await write('text.jpg', Buffer.from('this is not an image'))
    await write('notes.txt', Buffer.from('nor is this, and it does not claim to be'))
    await write('data.csv', Buffer.from('a,b\n1,2'))
    await write('drawing.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))
    const bomb = Buffer.from(await sharp({ create: { width: 4, height: 4, channels: 3, background: '#fff' } }).png().toBuffer())
    bomb.writeUInt32BE(60_000, 16)
    bomb.writeUInt32BE(60_000, 20)
    await write('bomb.png', bomb)
    await write('really-a-jpeg.png')
    await write('no-extension')
    await write('odd.bin')
    await bench.add()
    const run = await bench.scan()
    expect(await bench.states()).toEqual({
      'good.jpg': 'ready', 'empty.jpg': 'empty', 'cut.jpg': 'truncated', 'text.jpg': 'not-an-image', 'drawing.svg': 'unsupported', 'bomb.png': 'too-large',
      'really-a-jpeg.png': 'ready', 'no-extension': 'ready', 'odd.bin': 'ready'
    })
    expect(run.result).toBe('4 images read, 5 could not be read.')
    expect(run.failures.map(({ subject, reason, imageId }) => [subject, reason, typeof imageId]).sort()).toEqual([
      ['bomb.png', 'too-large', 'number'], ['cut.jpg', 'truncated', 'number'], ['drawing.svg', 'unsupported', 'number'], ['empty.jpg', 'empty', 'number'], ['text.jpg', 'not-an-image', 'number']
    ])
    expect((await details('bomb.png')).failureDetail).toContain('3600 megapixels')
    const counts = await bench.project.read.images.counts()
    expect([counts.failed, counts.ready]).toEqual([5, 4])
    // A failure is tried again: by the next scan, or alone.
    await write('text.jpg')
    const again = await bench.scan({ ids: [await bench.idOf('text.jpg'), await bench.idOf('empty.jpg')] })
    expect(again.result).toBe('1 image read, 1 could not be read.')
    expect((await bench.states())['text.jpg']).toBe('ready')
    await write('cut.jpg', await picture())
    await bench.scan()
    expect((await bench.states())['cut.jpg']).toBe('ready')
  })

  test.skipIf(process.platform !== 'linux')('names with spaces, quotes, newlines, percent signs, 255 bytes, and bytes that are not UTF-8 (Linux only)', async () => {
    bench = await scanBench()
    const names = ['with space.jpg', `it's "quoted".jpg`, 'new\nline.jpg', '100%20#?&.jpg', '[a]*{b}.jpg', '-rf.jpg', 'ünïcödé 猫 🐈.jpg', `${'x'.repeat(251)}.jpg`, 'back\\slash.jpg']
    for (const name of names) await write(`odd names/${name}`)
    const raw = Buffer.concat([Buffer.from(join(bench.images, 'latin1-')), Buffer.from([0xe9, 0xff]), Buffer.from('.jpg')])
    writeFileSync(raw, await picture())
    const folder = Buffer.concat([Buffer.from(join(bench.images, 'dir-')), Buffer.from([0xfc])])
    mkdirSync(folder)
    writeFileSync(Buffer.concat([folder, Buffer.from('/inside.jpg')]), await picture())
    await bench.add()
    const run = await bench.scan()
    expect(run.failures).toEqual([])
    const states = await bench.states()
    expect(Object.keys(states)).toHaveLength(names.length + 2)
    expect(new Set(Object.values(states))).toEqual(new Set(['ready']))
    for (const name of names) expect(states[`odd names/${name}`]).toBe('ready')
    const latin = await bench.idOf('latin1-\uFFFD\uFFFD.jpg')
    expect((await originalFile(bench.project, latin))?.path.equals(raw)).toBe(true)
    expect((await bench.scan()).result).toBe(`0 images read, ${names.length + 2} unchanged.`)
  })

  test('links: a circle is walked once, a link out of the project is refused, one inside is read, a dead one is told', async () => {
    bench = await scanBench()
    await write('a/one.jpg')
    mkdirSync(join(bench.folder, 'outside'))
    writeFileSync(join(bench.folder, 'outside/secret.jpg'), await picture())
    symlinkSync(bench.images, join(bench.images, 'a/circle'))
    symlinkSync('.', join(bench.images, 'self'))
    symlinkSync(join(bench.images, 'a/one.jpg'), join(bench.images, 'link.jpg'))
    symlinkSync(join(bench.folder, 'outside'), join(bench.images, 'out'))
    symlinkSync(join(bench.folder, 'outside/secret.jpg'), join(bench.images, 'secret.jpg'))
    symlinkSync(join(bench.images, 'nowhere.jpg'), join(bench.images, 'dead.jpg'))
    linkSync(join(bench.images, 'a/one.jpg'), join(bench.images, 'hard.jpg'))
    await bench.add()
    const run = await bench.scan()
    expect(Object.keys(await bench.states()).sort()).toEqual(['a/one.jpg', 'hard.jpg', 'link.jpg'])
    expect(run.failures.map(({ subject }) => subject.slice(bench.images.length + 1)).sort()).toEqual(['dead.jpg', 'out', 'secret.jpg'])
  })

  test('a file that becomes a link out of the project is no longer handed out', async () => {
    bench = await scanBench()
    await write('a.jpg')
    await bench.add()
    await bench.scan()
    const id = await bench.idOf('a.jpg')
    expect((await originalFile(bench.project, id))?.type).toBe('image/jpeg')
    rmSync(join(bench.images, 'a.jpg'))
    symlinkSync('/etc/passwd', join(bench.images, 'a.jpg'))
    expect(await originalFile(bench.project, id)).toBeNull()
  })

  test.skipIf(isRoot || process.platform === 'win32')('folders and files that may not be read (skipped as root, who may)', async () => {
    bench = await scanBench()
    await write('open/a.jpg')
    await write('closed/b.jpg')
    await write('c.jpg')
    await bench.add()
    await bench.scan()
    chmodSync(join(bench.images, 'closed'), 0)
    chmodSync(join(bench.images, 'c.jpg'), 0)
    await write('open/d.jpg')
    utimesSync(join(bench.images, 'c.jpg'), new Date(0), new Date(0))
    const run = await bench.scan()
    chmodSync(join(bench.images, 'closed'), 0o755)
    expect(await bench.states()).toEqual({ 'open/a.jpg': 'ready', 'closed/b.jpg': 'ready', 'c.jpg': 'unreadable', 'open/d.jpg': 'ready' })
    expect(run.failures.map(({ reason }) => reason)).toEqual(['unreadable', 'unreadable'])
  })

  test('a folder that cannot be listed is told, and its images stay as they are', async () => {
    bench = await scanBench()
    await write('a/x.jpg')
    await write('b.jpg')
    await bench.add()
    await bench.scan()
    const rootId = (await bench.roots.list())[0]?.id ?? 0
    await bench.project.write.images.startListing()
    await bench.project.write.images.listed(rootId, [])
    const { marked } = await bench.project.write.images.markMissing(rootId, [Buffer.from('a')], 0, 100)
    expect(marked).toBe(1)
    expect(await bench.states()).toEqual({ 'a/x.jpg': 'ready', 'b.jpg': 'missing' })
  })

  test('a file that vanishes between listing and reading', async () => {
    bench = await scanBench()
    await write('a.jpg')
    await write('b.jpg')
    const root = await bench.add()
    const { images } = bench.project.write
    await images.startListing()
    await images.listed(root.id, ['a.jpg', 'b.jpg'].map((name) => ({ pathRaw: Buffer.from(name), bytes: 1, mtimeMs: 1 })))
    await images.addNew(10)
    rmSync(join(bench.images, 'a.jpg'))
    const run = await bench.scan({ ids: [await bench.idOf('a.jpg'), await bench.idOf('b.jpg')] })
    expect(await bench.states()).toEqual({ 'a.jpg': 'vanished', 'b.jpg': 'ready' })
    expect(run.failures).toMatchObject([{ reason: 'vanished', subject: 'a.jpg' }])
    await bench.scan()
    expect(await bench.states()).toEqual({ 'a.jpg': 'missing', 'b.jpg': 'ready' })
  })

  test('the folders of images are never written to', async () => {
    bench = await scanBench()
    await write('cat/a.jpg')
    await write('bad.jpg', Buffer.from('x'))
    const list = () => readdirSync(bench.images, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => {
      const path = join(e.parentPath, e.name)
      const { mtimeMs, size, mode } = statSync(path)
      return [path, mtimeMs, size, mode, readFileSync(path).toString('base64')]
    })
    const before = list()
    await bench.add()
    await bench.scan()
    await displayImage(bench.project, await bench.idOf('cat/a.jpg'), { size: 20 })
    expect(list()).toEqual(before)
  })
})

describe('stopping and going on', () => {
  test('an aborted scan says so soon, keeps what was committed, and the next one does the rest', async () => {
    bench = await scanBench()
    const one = await picture(400, 300)
    await write('0.jpg', one)
    for (let i = 1; i < 200; i++) writeFileSync(join(bench.images, `${i}.jpg`), Buffer.concat([one, Buffer.from(String(i))]))
    await bench.add()
    const controller = new AbortController()
    const stop = bench.project.onChange(() => undefined)
    const committed = (async () => {
      while ((await bench.project.read.images.counts()).ready < 20) await new Promise((resolve) => setTimeout(resolve, 5))
      controller.abort(new Error('enough'))
    })()
    await expect(bench.scan({}, controller.signal)).rejects.toThrow('enough')
    await committed
    stop()
    const { ready } = await bench.project.read.images.counts()
    expect(ready).toBeGreaterThanOrEqual(20)
    const rest = await bench.scan()
    expect((rest.data as { read: number }).read).toBeLessThanOrEqual(200 - ready)
    expect((await bench.project.read.images.counts()).ready).toBe(200)
  })

  test('kill -9 in the middle of a scan loses nothing that was committed, and the next scan does the rest', async () => {
    bench = await scanBench()
    const { folder, images } = bench
    const one = await picture(400, 300)
    for (let i = 0; i < 300; i++) writeFileSync(join(images, `${i}.jpg`), Buffer.concat([one, Buffer.from(String(i))]))
    await bench.vision.close()
    await bench.project.close()
    const child = spawn(process.execPath, [join(import.meta.dirname, 'scanProcess.ts'), folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise<void>((resolve) => child.stdout.on('data', (text: Buffer) => {
      if (text.toString().split('\n').some((line) => Number(line) >= 30)) resolve()
    }))
    child.kill('SIGKILL')
    await once(child, 'exit')
    bench = await scanBench({}, folder)
    const { ready, new: open } = await bench.project.read.images.counts()
    expect(ready).toBeGreaterThanOrEqual(30)
    expect(ready + open).toBe(300)
    const { ids } = await bench.project.read.images.view({ state: ['ready'] }, 'path')
    for (const id of [...ids].slice(0, 40)) expect((await sharp((await readThumb(bench.project, id))?.bytes).metadata()).width).toBe(256)
    const rest = await bench.scan()
    expect(rest.data).toMatchObject({ read: 300 - ready, unchanged: ready, failed: 0 })
    expect((await bench.project.read.images.counts()).ready).toBe(300)
  })

  test('workers never share a pack of thumbnails, not even with those of a scan before', async () => {
    bench = await scanBench()
    for (let i = 0; i < 12; i++) await write(`${i}.jpg`)
    await bench.add()
    await bench.scan()
    const packs = readdirSync(bench.project.thumbsFolder)
    const sizes = packs.map((name) => statSync(join(bench.project.thumbsFolder, name)).size)
    const next = new VisionPool({ workers: 1 })
    const [outcome] = await next.measure({ thumbsFolder: bench.project.thumbsFolder, files: [{ imageId: 1, path: Buffer.from(join(bench.images, '0.jpg')), svg: false, known: null }] })
    await next.close()
    if (outcome?.kind !== 'measured') throw new Error('it was not measured')
    expect(packs).not.toContain(`${outcome.thumb.pack}.pack`)
    expect(packs.map((name) => statSync(join(bench.project.thumbsFolder, name)).size)).toEqual(sizes)
  })
})

describe('lost thumbnails', () => {
  const labelled = async () => {
    for (const path of ['cat/a.jpg', 'cat/b.jpg', 'dog/c.jpg']) await write(path, await picture(300, 200))
    await bench.add()
    await bench.scan()
    const ids = await Promise.all(['cat/a.jpg', 'cat/b.jpg', 'dog/c.jpg'].map(bench.idOf))
    // Stands for the vectors: the trigger that would remove them hears of every changed hash.
    const db = new Sqlite(join(bench.project.folder, 'project.db'))
    db.exec(`INSERT INTO descriptor (id, model, fingerprint, card, dim, dtype, file, created_at) VALUES (1, 'm', 'f', '{}', 1, 'float32', 'v', 0)`)
    for (const [row, id] of ids.entries()) db.prepare('INSERT INTO vector (descriptor_id, row, image_id) VALUES (1, ?, ?)').run(row, id)
    db.close()
    return ids
  }
  const vectors = () => {
    const db = new Sqlite(join(bench.project.folder, 'project.db'), { readonly: true })
    const rows = db.prepare('SELECT image_id FROM vector ORDER BY row').pluck().all()
    db.close()
    return rows
  }
  const shown = async (ids: readonly number[]) => await Promise.all(ids.map(async (id) => (await readThumb(bench.project, id).catch(() => null))?.bytes.toString('base64') ?? null))

  test('are drawn again by the next scan, with everything else that is known kept', async () => {
    bench = await scanBench()
    const ids = await labelled()
    const [before, facts] = [await shown(ids), await bench.service.rows({ ids })]
    rmSync(bench.project.thumbsFolder, { recursive: true })
    expect((await bench.scan()).result).toBe('3 images read.')
    expect(await shown(ids)).toEqual(before)
    expect(await bench.service.rows({ ids })).toEqual(facts)
    expect(vectors()).toEqual(ids)
    expect((await bench.scan()).result).toBe('0 images read, 3 unchanged.')
  })

  test('are drawn again where a pack ends early: those behind its end, and no others', async () => {
    bench = await scanBench({ workers: 1 })
    const ids = await labelled()
    const before = await shown(ids)
    const packs = readdirSync(bench.project.thumbsFolder).map((name) => join(bench.project.thumbsFolder, name))
    expect(packs).toHaveLength(1)
    truncateSync(packs[0] as string, statSync(packs[0] as string).size - 1)
    expect((await bench.scan()).result).toBe('1 image read, 2 unchanged.')
    expect(await shown(ids)).toEqual(before)
    expect(vectors()).toEqual(ids)
  })

  test('of a folder that is not scanned are shown as none, and never as those of others in a pack of the same number', async () => {
    bench = await scanBench({ workers: 1 })
    for (const path of ['one/a.jpg', 'two/b.jpg']) await write(path)
    const [one, two] = [await bench.add({ path: join(bench.images, 'one') }), await bench.add({ path: join(bench.images, 'two') })]
    await bench.scan()
    const [a, b] = [await bench.idOf('a.jpg'), await bench.idOf('b.jpg')]
    const before = await shown([a, b])
    rmSync(bench.project.thumbsFolder, { recursive: true })
    await bench.scan({ rootIds: [one.id] })
    expect(await shown([a, b])).toEqual([before[0], null])
    await bench.scan({ rootIds: [two.id] })
    expect(await shown([a, b])).toEqual(before)
  })
})

describe('roots', () => {
  test('refuses files, nested and repeated folders, the project itself, and senseless patterns, each with what to do', async () => {
    bench = await scanBench()
    await write('in/a.jpg')
    const add = async (path: string, spec = {}) => await bench.add({ path, ...spec })
    await expect(add(join(bench.images, 'in/a.jpg'))).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(add(join(bench.images, 'nowhere'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(add(bench.project.folder)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(add(bench.images, { exclude: [' '] })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await add(join(bench.images, 'in'))
    await expect(add(join(bench.images, 'in'))).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(add(bench.images)).rejects.toMatchObject({ code: 'CONFLICT' })
    symlinkSync(join(bench.images, 'in'), join(bench.folder, 'alias'))
    await expect(add(join(bench.folder, 'alias'))).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('a preview counts by names, without decoding', async () => {
    bench = await scanBench()
    for (const path of ['cat/a.jpg', 'cat/b.JPEG', 'dog/c.png', 'notes.txt']) await write(path, Buffer.from('not even a picture'))
    expect(await bench.roots.preview({ path: bench.images })).toMatchObject({
      images: 3, partial: false, unreadable: 0, layout: null, estimate: null, bytes: 54,
      formats: [{ format: 'jpg', count: 2 }, { format: 'png', count: 1 }],
      classes: [{ name: 'cat', count: 2 }, { name: 'dog', count: 1 }]
    })
  })

  test('a folder that was moved is found again under its new path; removing one forgets its images only', async () => {
    bench = await scanBench()
    await write('here/cat/a.jpg')
    const root = await bench.add({ path: join(bench.images, 'here') })
    await bench.scan()
    const id = await bench.idOf('cat/a.jpg')
    cpSync(join(bench.images, 'here'), join(bench.images, 'there'), { recursive: true })
    rmSync(join(bench.images, 'here'), { recursive: true })
    await bench.roots.update({ id: root.id, path: join(bench.images, 'there') })
    expect((await bench.scan()).result).toBe('0 images read, 1 unchanged.')
    expect(await bench.idOf('cat/a.jpg')).toBe(id)
    await bench.roots.remove({ id: root.id })
    expect(await bench.states()).toEqual({})
    expect(existsSync(join(bench.images, 'there/cat/a.jpg'))).toBe(true)
  })
})

test('formats that browsers cannot show are converted, whole or to a size', async () => {
  bench = await scanBench()
  await write('a.tiff', await sharp(await picture(200, 100)).tiff().toBuffer())
  await write('b.ppm', Buffer.concat([Buffer.from('P6 2 2 255\n'), Buffer.from([255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255])]))
  await write('c.jpg', await sharp(await picture(200, 100)).toColourspace('cmyk').jpeg().toBuffer())
  await write('d.png', await sharp(await picture()).png().toBuffer())
  await bench.add()
  await bench.scan()
  for (const [path, conversion] of [['a.tiff', true], ['b.ppm', true], ['c.jpg', true], ['d.png', false]] as const) {
    const id = await bench.idOf(path)
    expect([path, (await originalFile(bench.project, id))?.needsConversion]).toEqual([path, conversion])
    const shown = await displayImage(bench.project, id, { size: 50 })
    const { format, width } = await sharp(shown?.bytes).metadata()
    expect([path, shown?.type, format, (width ?? 0) <= 50]).toEqual([path, 'image/jpeg', 'jpeg', true])
  }
  expect((await sharp((await displayImage(bench.project, await bench.idOf('a.tiff')))?.bytes).metadata()).width).toBe(200)
  expect(await displayImage(bench.project, 999)).toBeNull()
  truncateSync(join(bench.images, 'd.png'), 10)
  await expect(displayImage(bench.project, await bench.idOf('d.png'))).rejects.toThrow()
})
