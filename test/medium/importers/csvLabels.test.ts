import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { importCsvLabels } from '../../../core/importers/csvLabels.ts'
import { Project } from '../../../core/project/project.ts'
import { addImages, addRoot, openDatabase, sha256, temporaryFolder } from '../review/syntheticProject.ts'

let folder: ReturnType<typeof temporaryFolder>
let project: Project

beforeEach(async () => {
  folder = temporaryFolder()
  project = await Project.create(join(folder.path, 'p'), 'p')
  const db = openDatabase(join(project.folder, 'project.db'))
  addImages(db, addRoot(db, '/data/pictures'), ['a/001.jpg', 'b/001.jpg', 'b/howler.png', 'Ünïcode name, "quoted".jpg', 'c/x.y.jpg', 'c/last.jpg'].map((path) => ({ path })))
  db.close()
})
afterEach(async () => {
  await project.close()
  folder.remove()
})

const csv = (content: string | Buffer): string => {
  const file = join(folder.path, 'labels.csv')
  writeFileSync(file, content)
  return file
}
const labels = (): Record<string, string> => {
  const db = openDatabase(join(project.folder, 'project.db'))
  try {
    const rows = db.prepare<[], [string, string]>('SELECT path, name FROM given_label JOIN image ON image.id = image_id JOIN class ON class.id = class_id ORDER BY path').raw().all()
    return Object.fromEntries(rows)
  } finally {
    db.close()
  }
}
const runs = (): number => {
  const db = openDatabase(join(project.folder, 'project.db'))
  try {
    return db.prepare('SELECT COUNT(*) FROM run').pluck().get() as number
  } finally {
    db.close()
  }
}

describe('labels from a CSV', () => {
  test('finds images by path, path below the root, file name, stem and content hash, and says how it went', async () => {
    const report = await importCsvLabels(
      project,
      csv(`file,label\na/001.jpg,ant\n/data/pictures/b/001.jpg,bee\nhowler,monkey\n"Ünïcode name, ""quoted"".jpg",odd\n${sha256('c/x.y.jpg').toString('hex')},hash\nnowhere.jpg,ant\n`)
    )
    expect(report).toMatchObject({ rows: 6, matched: 5, missing: 1, duplicated: 0, classes: 5, newClasses: ['ant', 'bee', 'monkey', 'odd', 'hash'] })
    expect(report.problems).toEqual([{ line: 7, message: 'No image is called "nowhere.jpg".' }])
    expect(labels()).toEqual({ 'a/001.jpg': 'ant', 'b/001.jpg': 'bee', 'b/howler.png': 'monkey', 'Ünïcode name, "quoted".jpg': 'odd', 'c/x.y.jpg': 'hash' })
  })

  test('in a project of several folders a whole path means the image of its own folder', async () => {
    const db = openDatabase(join(project.folder, 'project.db'))
    addImages(db, addRoot(db, '/data/more'), [{ path: 'a/001.jpg' }])
    const rootOf = db.prepare('SELECT root.path FROM given_label JOIN image ON image.id = image_id JOIN root ON root.id = root_id JOIN class ON class.id = class_id WHERE name = ?').pluck()
    const report = await importCsvLabels(project, csv('file,label\n/data/more/a/001.jpg,here\n/data/pictures/a/001.jpg,there\na/001.jpg,nowhere\n'))
    expect(report).toMatchObject({ matched: 2, missing: 1, problems: [{ line: 4, message: expect.stringContaining('could be any of 2 images') as string }] })
    expect([rootOf.get('here'), rootOf.get('there')]).toEqual(['/data/more', '/data/pictures'])
    db.close()
  })

  test('a name that several images have is told apart by its folder, or reported as ambiguous', async () => {
    const report = await importCsvLabels(project, csv('id,landmark_id\n001,1\nold/b/001.png,2\nx.y,3\n'))
    expect(report).toMatchObject({ matched: 2, missing: 1 })
    expect(report.problems).toEqual([{ line: 2, message: '"001" could be any of 2 images. Give its path.' }])
    expect(labels()).toEqual({ 'b/001.jpg': '2', 'c/x.y.jpg': '3' })
  })

  test('byte-order mark, CRLF, semicolons, quotes over lines and blank lines are read; lines are counted right', async () => {
    const report = await importCsvLabels(project, csv('\ufeffPath;Note;Class\r\n"a/001.jpg";"two\r\nlines";ant\r\n\r\n\r\nmissing;;bee\r\nlast.jpg;;cat'))
    expect(report).toMatchObject({ rows: 3, matched: 2, missing: 1 })
    expect(labels()).toEqual({ 'a/001.jpg': 'ant', 'c/last.jpg': 'cat' })
    expect(report.problems).toEqual([{ line: 6, message: 'No image is called "missing".' }])
  })

  test('an image labelled twice keeps its first label; a row without a label is reported', async () => {
    const report = await importCsvLabels(project, csv('path,label\na/001.jpg,ant\na/001.jpg,bee\na/001.jpg,Ant\nlast.jpg,\n'))
    expect(report).toMatchObject({ rows: 4, matched: 1, duplicated: 2 })
    expect(report.problems.map(({ line }) => line)).toEqual([3, 5])
    expect(labels()).toEqual({ 'a/001.jpg': 'ant' })
  })

  test('a second import replaces what the first gave to the same images and reuses its classes', async () => {
    await importCsvLabels(project, csv('path,label\na/001.jpg,ant\nb/001.jpg,ant\n'))
    const report = await importCsvLabels(project, csv('path,label\na/001.jpg,BEE\nb/howler.png,ANT\n'))
    expect(report.newClasses).toEqual(['BEE'])
    expect(labels()).toEqual({ 'a/001.jpg': 'BEE', 'b/001.jpg': 'ant', 'b/howler.png': 'ant' })
  })

  test.each([
    ['an empty file', '', /labels\.csv is empty/],
    ['a header without an image column', 'foo,label\nx,y\n', /line 1: no column names the image.*"foo", "label"/],
    ['a header without a label column', 'path,foo\nx,y\n', /line 1: no column names the label/],
    ['a row with too many fields', 'path,label\na/001.jpg,ant\na,b,c\n', /line 3: there are 3 fields/],
    ['a row with too few fields', 'path,label\na/001.jpg\n', /line 2: there is 1 field where the header has 2/],
    ['a quote that never ends', 'path,label\nx,y\n"a/001.jpg,ant\nb,c\n', /line 3: a quote \("\) is opened and never closed/],
    ['a quote inside a field', 'path,label\na/0"01.jpg,ant\n', /line 2, field 1: a quote/],
    ['UTF-16', Buffer.from('\ufeffpath,label\n', 'utf16le'), /UTF-16/],
    ['Latin-1', Buffer.from('path,label\nb.jpg,x\na.jpg,caf\u00e9\n', 'latin1'), /line 3: the text is not UTF-8/],
    ['a zero byte', 'path,label\na.jpg,x\u0000\n', /line 2: there is a zero byte/]
  ])('%s is refused with the line, and nothing is imported', async (_, content, message) => {
    await expect(importCsvLabels(project, csv(content))).rejects.toMatchObject({ name: 'WinnowError', code: 'BAD_INPUT', message: expect.stringMatching(message) as string })
    expect(labels()).toEqual({})
    expect(runs()).toBe(0)
  })

  test('columns can be named; a name that is not there is refused', async () => {
    const file = csv('path,who,label\na/001.jpg,me,ant\n')
    await importCsvLabels(project, file, { labelColumn: 'Who' })
    expect(labels()).toEqual({ 'a/001.jpg': 'me' })
    await expect(importCsvLabels(project, file, { imageColumn: 'nope' })).rejects.toMatchObject({ message: expect.stringContaining('there is no column "nope"') as string })
    await expect(importCsvLabels(project, file, { imageColumn: 'label', labelColumn: 'label' })).rejects.toMatchObject({ message: expect.stringContaining('both the image and its label') as string })
  })

  test('control characters in a class are reported by line', async () => {
    const report = await importCsvLabels(project, csv('path,label\na/001.jpg,"a\tb"\nlast.jpg,ok\n'))
    expect(report.problems).toEqual([{ line: 2, message: expect.stringContaining('control characters') as string }])
    expect(labels()).toEqual({ 'c/last.jpg': 'ok' })
  })

  test('a file that is not there, or a folder, is refused', async () => {
    await expect(importCsvLabels(project, join(folder.path, 'none.csv'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(importCsvLabels(project, folder.path)).rejects.toMatchObject({ name: 'WinnowError' })
  })
})
