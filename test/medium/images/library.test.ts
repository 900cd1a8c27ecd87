import Database from 'better-sqlite3'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImageFilter, ImageSort } from '../../../core/contract/images.ts'
import { Project } from '../../../core/project/project.ts'

let folder: string
let project: Project

/** Ten images in two folders of data, with labels of both kinds, a merged class, two runs of predictions and some verdicts. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-library-'))
  const made = await Project.create(join(folder, 'test'), 'Test')
  await made.close()
  const db = new Database(join(made.folder, 'project.db'))
  db.exec(`
    INSERT INTO root (id, path, role, protected, added_at) VALUES (1, '/one', 'train', 0, 0), (2, '/two', 'reference', 1, 0);
    INSERT INTO class (id, name, merged_into, created_at) VALUES (1, 'cat', NULL, 0), (2, 'Dog', NULL, 0), (3, 'kitten', 1, 0);
    INSERT INTO run (id, kind, params, started_at, finished_at) VALUES (1, 'folders', '{}', 0, 1), (2, 'knn', '{}', 0, 1), (3, 'knn', '{}', 0, 1), (4, 'knn', '{}', 0, NULL);`)
  const insert = db.prepare(`INSERT INTO image (id, root_id, path_raw, path, folder, bytes, mtime_ms, state, failure, format, width, height, sharpness, exposure, role, thumb_pack)
    VALUES (?, ?, ?, ?, ?, 10, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const images: [number, number, string, string, string, string | null, string | null, number | null, number | null, string | null][] = [
    [1, 1, 'a/1.jpg', 'a', 'ready', null, 'jpeg', 300, 5, null],
    [2, 1, 'a/2.jpg', 'a', 'ready', null, 'jpeg', 100, 9, null],
    [3, 1, 'a/deep/3.png', 'a/deep', 'ready', null, 'png', 200, 1, 'query'],
    [4, 1, 'b/4.jpg', 'b', 'ready', null, 'jpeg', 400, 7, null],
    [5, 1, '5.jpg', '', 'failed', 'truncated', null, null, null, null],
    [6, 1, 'a/6_100%.jpg', 'a', 'missing', null, 'jpeg', 50, 2, null],
    [7, 2, 'a/7.jpg', 'a', 'ready', null, 'jpeg', 60, 3, null],
    [8, 2, 'x/8.gif', 'x', 'new', null, null, null, null, null],
    [9, 2, 'x/9.gif', 'x', 'ready', null, 'gif', 70, 4, null],
    [10, 2, 'x/10.gif', 'x', 'failed', 'corrupt', null, null, null, null]
  ]
  for (const [id, root, path, dir, state, failure, format, width, sharpness, role] of images) {
    insert.run(id, root, Buffer.from(path), path, dir, id * 1000, state, failure, format, width, width, sharpness, sharpness === null ? null : sharpness / 10, role, format ? 1 : null)
  }
  db.exec(`
    INSERT INTO given_label VALUES (1, 1, 1), (2, 3, 1), (3, 1, 1), (4, 2, 1), (9, 2, 1);
    INSERT INTO label (image_id, state, class_id, source, run_id, score, act_id) VALUES (2, 'class', 2, 'key', NULL, NULL, 1), (3, 'none', NULL, 'key', NULL, NULL, 1), (4, 'unsure', NULL, 'key', NULL, NULL, 1), (7, 'class', 3, 'accepted', 3, 0.8, 1);
    INSERT INTO prediction VALUES (2, 1, 0, 2, 0.1, NULL, NULL), (3, 1, 0, 3, 0.9, NULL, NULL), (3, 1, 1, 2, 0.1, NULL, NULL), (3, 4, 0, 1, 0.6, NULL, NULL), (3, 9, 0, 2, 0.3, NULL, NULL), (4, 1, 0, 2, 1.0, NULL, NULL);
    INSERT INTO verdict (image_id, value, reason, keeper_id, similarity, act_id) VALUES (1, 'keep', 'by hand', NULL, NULL, 1), (2, 'drop', 'near-duplicate', 1, 0.97, 1), (4, 'unsure', 'by hand', NULL, NULL, 1);`)
  db.close()
  project = await Project.open(made.folder)
})
afterAll(async () => {
  await project.close()
  rmSync(folder, { recursive: true, force: true })
})

const view = async (filter: ImageFilter, sort: ImageSort = 'path') => await project.read.images.view(filter, sort)
const ids = async (filter: ImageFilter, sort: ImageSort = 'path'): Promise<number[]> => [...(await view(filter, sort)).ids]

describe('views', () => {
  test('path: by folder of data, then folder, then name; with marks where a folder starts', async () => {
    const { ids: found, marks } = await view({})
    expect([...found]).toEqual([5, 1, 2, 6, 3, 4, 7, 10, 8, 9])
    expect(marks).toEqual([{ label: '', index: 0 }, { label: 'a', index: 1 }, { label: 'a/deep', index: 4 }, { label: 'b', index: 5 }, { label: 'a', index: 6 }, { label: 'x', index: 7 }])
  })

  test('class: by the effective class, merged ones with the one they went into, the unlabelled last', async () => {
    const { ids: found, marks } = await view({ state: ['ready'] }, 'class')
    expect([...found]).toEqual([1, 7, 2, 4, 9, 3])
    expect(marks).toEqual([{ label: 'cat', index: 0 }, { label: 'Dog', index: 2 }, { label: 'no class', index: 5 }])
  })

  test.each<[ImageSort, number[]]>([
    ['newest', [9, 7, 4, 3, 2, 1]], ['oldest', [1, 2, 3, 4, 7, 9]], ['largest', [4, 1, 3, 2, 9, 7]], ['smallest', [7, 9, 2, 3, 1, 4]],
    ['sharpest', [2, 4, 1, 9, 7, 3]], ['blurriest', [3, 7, 9, 1, 4, 2]], ['brightest', [2, 4, 1, 9, 7, 3]], ['darkest', [3, 7, 9, 1, 4, 2]],
    ['score-high', [1, 4, 9, 2, 3, 7]], ['score-low', [9, 4, 1, 2, 3, 7]]
  ])('%s', async (sort, expected) => expect(await ids({ state: ['ready'] }, sort)).toEqual(expected))

  test.each<[string, ImageFilter, number[]]>([
    ['text, as it stands', { text: '100%' }, [6]],
    ['text in any part of the path, any case', { text: 'DEEP/3' }, [3]],
    ['an underscore is an underscore', { text: '_' }, [6]],
    ['alternatives in one condition', { state: ['failed', 'new'] }, [5, 10, 8]],
    ['failure', { failure: ['truncated'] }, [5]],
    ['folder of data', { rootId: [2] }, [7, 10, 8, 9]],
    ['a folder with all below it', { folder: ['a'], rootId: [1] }, [1, 2, 6, 3]],
    ['the files directly in the root', { folder: [''] }, [5]],
    ['format', { format: ['gif', 'png'] }, [3, 9]],
    ['role: the image\'s own before its folder\'s', { role: ['query', 'reference'] }, [3, 7, 10, 8, 9]],
    ['class, merged ones included', { classId: [1] }, [1, 7]],
    ['labelled', { label: ['labelled'] }, [1, 2, 4, 7, 9]],
    ['unlabelled', { label: ['unlabelled'], state: ['ready'] }, [3]],
    ['said by a person', { label: ['human'] }, [2, 3, 4, 7]],
    ['unsure or none', { label: ['unsure', 'none'] }, [3, 4]],
    ['disagreement of person and data, or of label and newest prediction', { label: ['disagree'] }, [2, 3, 4]],
    ['verdict', { verdict: ['drop', 'unsure'] }, [2, 4]],
    ['undecided', { verdict: ['undecided'], state: ['ready'] }, [3, 7, 9]],
    ['width', { minWidth: 200 }, [1, 3, 4]],
    ['score of the newest finished run', { minScore: 0.5, maxScore: 0.7 }, [4]],
    ['protected by its folder', { protected: true }, [7, 10, 8, 9]],
    ['named ids', { ids: [9, 1, 999] }, [1, 9]],
    ['nothing named is nothing', { ids: [] }, []],
    ['no alternative is nothing', { label: [] }, []],
    ['all conditions must hold', { state: ['ready'], format: ['jpeg'], minWidth: 100, verdict: ['undecided', 'keep'] }, [1]]
  ])('filter: %s', async (_name, filter, expected) => expect(await ids(filter)).toEqual(expected))
})

describe('rows', () => {
  test('come in the order asked for, without those that are not there', async () => {
    expect((await project.read.images.rows([9, 77, 1, 5])).map(({ id }) => id)).toEqual([9, 1, 5])
  })

  test('the effective class: the person\'s word, else the data\'s; names of merged classes', async () => {
    const rows = await project.read.images.rows([1, 2, 3, 4, 7, 8])
    expect(rows.map(({ className, labelSource, givenClassName, label }) => [className, labelSource, givenClassName, label?.state ?? null])).toEqual([
      ['cat', 'given', 'cat', null], ['Dog', 'human', 'cat', 'class'], [null, 'human', 'cat', 'none'], ['Dog', 'given', 'Dog', 'unsure'], ['cat', 'human', null, 'class'], [null, null, null, null]
    ])
    expect(rows[0]).toMatchObject({ path: 'a/1.jpg', name: '1.jpg', thumb: true, prediction: { className: 'cat', score: 0.9 }, verdict: 'keep', verdictReason: 'by hand', role: 'train' })
    expect(rows[4]?.label).toEqual({ state: 'class', classId: 1, className: 'cat', source: 'accepted', score: 0.8, runId: 3 })
  })

  test('details add the rest', async () => {
    expect(await project.read.images.details(2)).toMatchObject({ root: '/one', folder: 'a', keeperId: 1, similarity: 0.97, predictions: [], descriptors: [], protected: false, pinned: false })
    expect((await project.read.images.details(1))?.predictions).toEqual([{ runId: 3, classId: 1, className: 'cat', score: 0.9 }, { runId: 3, classId: 2, className: 'Dog', score: 0.1 }])
    expect((await project.read.images.details(7))?.protected).toBe(true)
    expect(await project.read.images.details(99)).toBeNull()
  })
})

describe('counts', () => {
  test('of the project', async () => {
    expect(await project.read.images.counts()).toEqual({ images: 9, ready: 6, failed: 2, missing: 1, new: 1, labelled: 5, human: 4, predicted: 3, kept: 1, dropped: 1, unsure: 1 })
  })

  test('facets: within the filter, but each without its own condition', async () => {
    const facets = await project.read.images.facets({ state: ['ready'], classId: [1] })
    expect(facets.total).toBe(2)
    expect(facets.state).toEqual([{ value: 'ready', count: 2 }])
    expect(facets.class).toEqual([{ value: 'Dog', id: 2, count: 3 }, { value: 'cat', id: 1, count: 2 }])
    expect(facets.label).toEqual([{ value: 'labelled', count: 2 }, { value: 'human', count: 1 }])
    expect(facets.verdict).toEqual([{ value: 'keep', count: 1 }, { value: 'undecided', count: 1 }])
    expect((await project.read.images.facets({})).failure).toEqual([{ value: 'corrupt', count: 1 }, { value: 'truncated', count: 1 }])
    expect((await project.read.images.facets({ ids: [] })).label).toEqual([])
  })
})
