import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { photosOf, versionGroups } from '../../bench/models/photoSet.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

test('the class of a photo is its first folder; BACKGROUND_Google is none', () => {
  const folder = temporaryFolder()
  for (const name of ['cat/a/1.jpg', 'dog/2.png', 'BACKGROUND_Google/3.jpg', '4.webp', 'dog/notes.txt']) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), '')
  }
  expect(new Map(photosOf(folder).map(({ name, className }) => [name, className]))).toEqual(new Map([['cat/a/1.jpg', 'cat'], ['dog/2.png', 'dog'], ['BACKGROUND_Google/3.jpg', null], ['4.webp', null]]))
})

test('versions: the known ones and files that are the same byte for byte', () => {
  const photos = [['brain/image_0018.jpg', 'a'], ['x/1.jpg', 'b'], ['brain/image_0019.jpg', 'c'], ['x/2.jpg', 'b'], ['x/3.jpg', 'd']].map(([name = '', sha256 = '']) => ({ name, sha256 }))
  expect([...versionGroups(photos)]).toEqual([0, 1, 0, 1, 4])
})
