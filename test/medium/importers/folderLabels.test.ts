import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyFolderLabels } from '../../../core/importers/folderLabels.ts'
import { Project } from '../../../core/project/project.ts'
import { addImages, addRoot, openDatabase, temporaryFolder } from '../review/syntheticProject.ts'

let folder: ReturnType<typeof temporaryFolder>
let project: Project
let rootId: number

/** SQL beside the project's own threads, as another program could do; the test looks at what is really stored. */
const sql = <T>(statement: string, ...values: unknown[]): T[] => {
  const db = openDatabase(join(project.folder, 'project.db'))
  try {
    const prepared = db.prepare(statement)
    return prepared.reader ? (prepared.all(...values) as T[]) : (prepared.run(...values), [])
  } finally {
    db.close()
  }
}
const add = (paths: string[]): number[] => {
  const db = openDatabase(join(project.folder, 'project.db'))
  try {
    return addImages(db, rootId, paths.map((path) => ({ path })))
  } finally {
    db.close()
  }
}
const labels = (): Record<string, string> =>
  Object.fromEntries(
    sql<{ path: string; name: string }>('SELECT image.path, class.name FROM given_label JOIN image ON image.id = image_id JOIN class ON class.id = class_id ORDER BY path').map((row) => [row.path, row.name])
  )

beforeEach(async () => {
  folder = temporaryFolder()
  project = await Project.create(join(folder.path, 'p'), 'p')
  const db = openDatabase(join(project.folder, 'project.db'))
  rootId = addRoot(db, '/pictures')
  db.close()
})
afterEach(async () => {
  await project.close()
  folder.remove()
})

describe('labels from class folders', () => {
  test('the first folder below the root names the class; files in the root itself have none', async () => {
    add(['cat/1.jpg', 'cat/kitten/2.jpg', 'dog/3.jpg', '4.jpg'])
    const result = await applyFolderLabels(project, rootId)
    expect(result).toMatchObject({ labelled: 3, removed: 0 })
    expect(labels()).toEqual({ 'cat/1.jpg': 'cat', 'cat/kitten/2.jpg': 'cat', 'dog/3.jpg': 'dog' })
    expect(sql('SELECT kind, finished_at IS NOT NULL AS done FROM run')).toEqual([{ kind: 'folders', done: 1 }])
  })

  test('scanning again changes nothing and makes no run', async () => {
    add(['cat/1.jpg', 'dog/3.jpg'])
    await applyFolderLabels(project, rootId)
    expect(await applyFolderLabels(project, rootId)).toEqual({ labelled: 0, removed: 0, runId: null })
    expect(sql('SELECT id FROM run')).toHaveLength(1)
    expect(sql('SELECT id FROM class')).toHaveLength(2)
  })

  test('a moved file changes its label, one moved into the root loses it, a missing one loses it', async () => {
    const [a, b, c] = add(['cat/1.jpg', 'cat/2.jpg', 'cat/3.jpg'])
    await applyFolderLabels(project, rootId)
    sql('UPDATE image SET path = ? WHERE id = ?', 'dog/1.jpg', a)
    sql('UPDATE image SET path = ? WHERE id = ?', '2.jpg', b)
    sql("UPDATE image SET state = 'missing' WHERE id = ?", c)
    expect(await applyFolderLabels(project, rootId)).toMatchObject({ labelled: 1, removed: 2 })
    expect(labels()).toEqual({ 'dog/1.jpg': 'dog' })
  })

  test('a class that was renamed or merged since is found again by its folder', async () => {
    add(['cat/1.jpg', 'kitten/2.jpg'])
    await applyFolderLabels(project, rootId)
    sql("UPDATE class SET name = 'Felis catus' WHERE name = 'cat'")
    sql("UPDATE class SET merged_into = (SELECT id FROM class WHERE name = 'Felis catus') WHERE name = 'kitten'")
    add(['cat/3.jpg', 'kitten/4.jpg'])
    await applyFolderLabels(project, rootId)
    expect(labels()).toEqual({ 'cat/1.jpg': 'Felis catus', 'cat/3.jpg': 'Felis catus', 'kitten/2.jpg': 'kitten', 'kitten/4.jpg': 'kitten' })
    expect(sql('SELECT id FROM class')).toHaveLength(2)
  })

  test('what a CSV gave stands; switching folder labels off removes only those', async () => {
    const [a] = add(['cat/1.jpg', 'cat/2.jpg'])
    sql("INSERT INTO run (id, kind, params, started_at, finished_at) VALUES (50, 'csv', '{}', 0, 0)")
    sql("INSERT INTO class (id, name, created_at) VALUES (70, 'from csv', 0)")
    sql('INSERT INTO given_label (image_id, class_id, run_id) VALUES (?, 70, 50)', a)
    await applyFolderLabels(project, rootId)
    expect(labels()).toEqual({ 'cat/1.jpg': 'from csv', 'cat/2.jpg': 'cat' })
    sql('UPDATE root SET labels_from_folders = 0')
    await applyFolderLabels(project, rootId)
    expect(labels()).toEqual({ 'cat/1.jpg': 'from csv' })
  })

  test('folders whose names differ only in case or in a line break are names like any other', async () => {
    add(['Cat/1.jpg', 'cat/2.jpg', 'two\nlines/3.jpg', ' /4.jpg'])
    await applyFolderLabels(project, rootId)
    expect(labels()).toEqual({ 'Cat/1.jpg': 'Cat', 'cat/2.jpg': 'Cat', 'two\nlines/3.jpg': 'two lines', ' /4.jpg': '(no name)' })
  })

  test('an unknown root is refused with a sentence', async () => {
    await expect(applyFolderLabels(project, 999)).rejects.toMatchObject({ name: 'WinnowError', code: 'NOT_FOUND' })
  })
})
