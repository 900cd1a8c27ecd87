import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { rootLayout } from '../../../core/formats/rootLayout.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

function folderOf(...files: readonly string[]): string {
  const folder = temporaryFolder('layout')
  for (const name of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), '')
  }
  return folder
}

test('the Image Similarity Challenge is known by the names of its images, whatever its folders are called; both phases', async () => {
  const folder = folderOf('query_images/Q00000.jpg', 'query_images/Q00001.jpg', 'final/Q50000.jpg', 'final/Q99999.jpg', 'reference_images/R000000.jpg', 'training_images/T999999.jpg', 'public_ground_truth.csv', 'fb-isc-submission.h5', 'readme.txt')
  const { kind, sets, files } = await rootLayout(folder)
  expect(kind).toBe('isc')
  expect(sets).toEqual([
    { folder: 'final', title: 'queries of phase 2', role: 'query' },
    { folder: 'query_images', title: 'queries', role: 'query' },
    { folder: 'reference_images', title: 'references', role: 'reference' },
    { folder: 'training_images', title: 'training images (negatives)', role: 'negative' }
  ])
  expect(files.map(({ path, use }) => [path, use])).toEqual([['fb-isc-submission.h5', 'read-vectors'], ['public_ground_truth.csv', 'truth']])
  expect((await rootLayout(join(folder, 'training_images'))).sets).toEqual([{ folder: '', title: 'training images (negatives)', role: 'negative' }])
})

test('Google Landmarks v2 is known by folders that spell the beginning of a name', async () => {
  const folder = folderOf('train/a/b/c/abc0123456789def.jpg', 'index/0/1/2/0123456789abcdef.jpg', 'test/f/f/f/fff0123456789abc.jpg', 'metadata/train.csv', 'metadata/train_clean.csv', 'metadata/retrieval_solution_v2.1.csv')
  const { kind, sets, files } = await rootLayout(folder)
  expect(kind).toBe('gldv2')
  expect(sets.map(({ folder: at, role }) => [at, role])).toEqual([['train', 'train'], ['index', 'reference'], ['test', 'query']])
  expect(files.map(({ path, use }) => [path, use])).toEqual([['metadata/retrieval_solution_v2.1.csv', 'truth'], ['metadata/train.csv', 'read-labels'], ['metadata/train_clean.csv', 'read-labels']])
  expect((await rootLayout(join(folder, 'index'))).sets).toEqual([{ folder: '', title: 'index images (references)', role: 'reference' }])
})

test('pet biometrics', async () => {
  const { kind, sets } = await rootLayout(folderOf('train/images/a.jpg', 'train/train_data.csv', 'validation/images/b.jpg', 'validation/valid_data.csv', 'test/images/c.jpg', 'test/test_data.csv'))
  expect(kind).toBe('pet')
  expect(sets.map(({ folder, role }) => [folder, role])).toEqual([['train/images', 'train'], ['validation/images', 'test'], ['test/images', 'test']])
})

test('other folders are what they are: class folders, names that only look alike, nothing at all', async () => {
  for (const folder of [folderOf('cats/1.jpg', 'dogs/2.jpg'), folderOf('Q1.jpg', 'Q00000x.jpg'), folderOf('train/a/b/c/xyz.jpg'), folderOf()]) {
    expect(await rootLayout(folder)).toMatchObject({ kind: 'unknown', sets: [] })
  }
  await expect(rootLayout(join(folderOf(), 'nowhere'))).rejects.toThrow(/nowhere is not there/)
})
