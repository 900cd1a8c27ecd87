import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImageRole } from '../contract/common.ts'
import { systemError } from '../domain/systemErrors.ts'
import { iscPhaseOf, iscSetOf } from './isc.ts'

export interface LayoutSet {
  /** Below the folder that was looked at, with '/'; '' is that folder. */
  readonly folder: string
  /** In the words of the dataset: "queries of phase 2". */
  readonly title: string
  /** What its images should be here. */
  readonly role: ImageRole
}

export interface LayoutFile {
  readonly path: string
  /** What it is good for: the step that reads it. */
  readonly use: 'truth' | 'read-labels' | 'read-vectors' | 'read-pairs'
  readonly title: string
}

export interface RootLayout {
  readonly kind: 'isc' | 'gldv2' | 'pet' | 'unknown'
  /** One sentence for people. */
  readonly title: string
  readonly sets: readonly LayoutSet[]
  readonly files: readonly LayoutFile[]
}

const mostEntries = 2000
const mostNames = 200
const image = /\.(?:jpe?g|png|webp|bmp|tiff?|gif|avif)$/iu

/**
 * Looks at a folder and says which of the known datasets it is, by the names of its first files and folders (nothing is read, and never
 * everything listed): the Image Similarity Challenge (Q00000, R000000, T000000; queries from Q50000 on are phase 2), Google Landmarks v2
 * (train/a/b/c/abc….jpg, index, test) or the pet-biometrics challenge. Proposes a role for each of its sets, and what its tables are for.
 * Throws NOT_FOUND or UNAVAILABLE where the folder cannot be looked at.
 */
export async function rootLayout(folder: string): Promise<RootLayout> {
  const top = await look(folder).catch((error: unknown) => {
    throw systemError(error, folder) ?? error
  })
  const isc = await iscSets(folder, top)
  if (isc.length > 0) return { kind: 'isc', title: `Image Similarity Challenge 2021: ${isc.map(({ title }) => title).join(', ')}`, sets: isc, files: await tables(folder, top, iscTables) }
  const gld = await landmarkSets(folder, top)
  if (gld.length > 0) return { kind: 'gldv2', title: `Google Landmarks v2: ${gld.map(({ title }) => title).join(', ')}`, sets: gld, files: await tables(folder, top, landmarkTables) }
  const pet = await petSets(folder, top)
  if (pet.length > 0) return { kind: 'pet', title: `Pet biometrics: ${pet.map(({ title }) => title).join(', ')}`, sets: pet, files: [] }
  return { kind: 'unknown', title: 'A folder of images', sets: [], files: [] }
}

interface Listing {
  readonly folders: readonly string[]
  readonly files: readonly string[]
}

/** The first entries of a folder. */
async function look(folder: string): Promise<Listing> {
  const folders: string[] = []
  const files: string[] = []
  const entries = await opendir(folder)
  for await (const entry of entries) {
    if (entry.isDirectory()) folders.push(entry.name)
    else if (entry.isFile()) files.push(entry.name)
    if (folders.length + files.length >= mostEntries) break
  }
  return { folders: folders.sort(), files: files.sort() }
}

const lookAt = async (folder: string): Promise<Listing> => await look(folder).catch(() => ({ folders: [], files: [] }))
const stemsOf = (files: readonly string[]): string[] => files.filter((name) => image.test(name)).slice(0, mostNames).map((name) => name.slice(0, name.lastIndexOf('.')))
/** Nine of ten: a stray file does not change what a folder is. */
const mostly = (names: readonly string[], test: (name: string) => boolean): boolean => names.length > 0 && names.filter(test).length * 10 >= names.length * 9

async function iscSets(folder: string, top: Listing): Promise<LayoutSet[]> {
  const found: LayoutSet[] = []
  for (const sub of ['', ...top.folders.slice(0, 50)]) {
    const names = stemsOf(sub === '' ? top.files : (await lookAt(join(folder, sub))).files)
    const [first] = names
    const set = first === undefined ? null : iscSetOf(first)
    if (!set || !mostly(names, (name) => iscSetOf(name) === set)) continue
    if (set === 'query') {
      const second = mostly(names, (name) => iscPhaseOf(name) === 2)
      found.push({ folder: sub, title: second ? 'queries of phase 2' : 'queries', role: 'query' })
    } else found.push(set === 'reference' ? { folder: sub, title: 'references', role: 'reference' } : { folder: sub, title: 'training images (negatives)', role: 'negative' })
  }
  return found
}

const landmarkRoles: Readonly<Record<string, { title: string; role: ImageRole }>> = {
  train: { title: 'training images', role: 'train' }, index: { title: 'index images (references)', role: 'reference' }, test: { title: 'test images (queries)', role: 'query' }
}

/** Whether a/b/c/abc0123456789def.jpg: the first three characters of a name are the folders it lies in. */
async function holdsLandmarks(folder: string): Promise<boolean> {
  let at = folder
  let prefix = ''
  for (let depth = 0; depth < 3; depth++) {
    const next = (await lookAt(at)).folders.find((name) => /^[0-9a-f]$/u.test(name))
    if (next === undefined) return false
    prefix += next
    at = join(at, next)
  }
  return mostly(stemsOf((await lookAt(at)).files), (name) => /^[0-9a-f]{16}$/u.test(name) && name.startsWith(prefix))
}

async function landmarkSets(folder: string, top: Listing): Promise<LayoutSet[]> {
  const found: LayoutSet[] = []
  for (const [name, { title, role }] of Object.entries(landmarkRoles)) if (top.folders.includes(name) && (await holdsLandmarks(join(folder, name)))) found.push({ folder: name, title, role })
  if (found.length === 0 && top.folders.some((name) => /^[0-9a-f]$/u.test(name)) && (await holdsLandmarks(folder))) {
    const own = landmarkRoles[folder.split(/[\\/]/u).at(-1) ?? ''] ?? landmarkRoles['train']
    if (own) found.push({ folder: '', ...own })
  }
  return found
}

const petTables: readonly (readonly [string, string, string, ImageRole])[] = [['train', 'train_data.csv', 'training images', 'train'], ['validation', 'valid_data.csv', 'validation images', 'test'], ['test', 'test_data.csv', 'test images', 'test']]

async function petSets(folder: string, top: Listing): Promise<LayoutSet[]> {
  const found: LayoutSet[] = []
  for (const [name, table, title, role] of petTables) {
    if (!top.folders.includes(name)) continue
    const { files, folders } = await lookAt(join(folder, name))
    if (files.includes(table) && folders.includes('images')) found.push({ folder: `${name}/images`, title, role })
  }
  return found
}

type Known = readonly (readonly [RegExp, LayoutFile['use'], string])[]
const iscTables: Known = [
  [/ground_truth.*\.csv$/u, 'truth', 'ground truth (query_id,reference_id)'],
  [/\.(?:h5|hdf5)$/u, 'read-vectors', 'descriptors'],
  [/^(?:submission|matches|predictions).*\.csv$/u, 'read-pairs', 'matches (query_id,reference_id,score)']
]
const landmarkTables: Known = [
  [/^train_clean\.csv$/u, 'read-labels', 'cleaned training set (landmark_id,images)'],
  [/^train\.csv$/u, 'read-labels', 'training labels (id,url,landmark_id)'],
  [/^(?:retrieval|recognition)_solution.*\.csv$/u, 'truth', 'solution with Usage'],
  [/^index_image_to_landmark\.csv$/u, 'read-labels', 'labels of the index (id,landmark_id)']
]

/** Tables in the folder itself and in `metadata`, where GLDv2's download script puts them. */
async function tables(folder: string, top: Listing, known: Known): Promise<LayoutFile[]> {
  const found: LayoutFile[] = []
  for (const sub of ['', 'metadata', 'ground_truth']) {
    const files = sub === '' ? top.files : top.folders.includes(sub) ? (await lookAt(join(folder, sub))).files : []
    for (const name of files) {
      const match = known.find(([pattern]) => pattern.test(name))
      if (!match) continue
      const path = sub === '' ? name : `${sub}/${name}`
      if ((await stat(join(folder, path)).catch(() => null))?.isFile()) found.push({ path, use: match[1], title: match[2] })
    }
  }
  return found
}
