/**
 * npm run screenshots: the pictures in docs/pictures, taken of the real app over the sample project (the only one that may be shown).
 * The sample is drawn first where it is not there yet: WINNOW_HOME, or a folder of its own in the system's temporary files.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { openWindow, root } from '../test/e2e/support/faces.ts'

const home = process.env.WINNOW_HOME ?? join(tmpdir(), 'winnow-screenshots')
const pictures = join(root, 'docs', 'pictures')
mkdirSync(pictures, { recursive: true })
const winnow = (...args: string[]): void => void execFileSync(process.execPath, [join(root, 'core', 'cli', 'main.ts'), '--home', home, '--quiet', ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
winnow('sample')
const sample = join(home, 'sample', 'Sample.winnow')

/** Sets with known truth, made out of the sample's drawings, each with a recipe run over it. */
const copies = join(home, 'Copies.winnow')
if (!existsSync(copies)) {
  const set = join(home, 'copies')
  if (!existsSync(set)) winnow('generate', sample, '--out', set, '--set', 'copies', '--count', '60', '--references', '200', '--training', '120', '--strength', 'moderate')
  winnow('create', copies)
  winnow('roots', 'add', copies, set, '--dataset')
  winnow('scan', copies)
}
winnow('run', 'new-against-old', copies, '--truth', join(home, 'copies', 'truth.csv'))
winnow('run', 'isc21-descriptor', copies, '--truth', join(home, 'copies', 'truth.csv'))
const places = join(home, 'Places.winnow')
if (!existsSync(places)) {
  const set = join(home, 'places')
  if (!existsSync(set)) winnow('generate', sample, '--out', set, '--set', 'instances', '--count', '40', '--views', '16')
  winnow('create', places)
  winnow('roots', 'add', places, join(set, 'train'), '--role', 'train')
  winnow('scan', places)
}
winnow('run', 'gldv2-clean', places, '--truth', join(home, 'places', 'cleaning_truth.csv'))

let window = await openWindow('Chromium', { home, project: sample })
let { page } = window

/** Goes on with another project in a new window. */
async function open(project: string): Promise<void> {
  await window.close()
  window = await openWindow('Chromium', { home, project })
  page = window.page
  await page.getByRole('grid').waitFor()
}

/** Presses the keys one after the other and takes the picture once everything has loaded. */
async function take(name: string, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key)
    await page.waitForTimeout(300)
  }
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(1500)
  await sharp(await page.screenshot()).webp({ quality: 82 }).toFile(join(pictures, `${name}.webp`))
}

await page.getByRole('grid').waitFor()
await take('library')
const times = (count: number, key: string): string[] => Array.from({ length: count }, () => key)
// Past the exact copies, to groups in which something differs.
await take('duplicates', 'Control+Shift+Digit2', ...times(14, 'j'))
await take('compare', 'Space')
await page.keyboard.press('Escape')
// To one with more than one likely class.
await take('labels', 'Control+Shift+Digit4', ...times(23, 'j'))
await take('export', 'Control+Shift+Digit7')
await open(copies)
await take('matches', 'Control+Shift+Digit3', ...times(3, 'j'))
await take('recipes', 'Control+Shift+Digit6')
await open(places)
await take('clean', 'Control+Shift+Digit5')
await window.close()
