/**
 * npm run screenshots: the pictures in docs/pictures, taken of the real app over the sample project (the only one that may be shown).
 * The sample is drawn first where it is not there yet: WINNOW_HOME, or a folder of its own in the system's temporary files.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { openWindow, root } from '../test/e2e/support/faces.ts'

const home = process.env.WINNOW_HOME ?? join(tmpdir(), 'winnow-screenshots')
const pictures = join(root, 'docs', 'pictures')
mkdirSync(pictures, { recursive: true })
execFileSync(process.execPath, [join(root, 'core', 'cli', 'main.ts'), '--home', home, '--quiet', 'sample'], { stdio: 'inherit' })

const window = await openWindow('Chromium', { home, project: join(home, 'sample', 'Sample.winnow') })
const { page } = window

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
await window.close()
