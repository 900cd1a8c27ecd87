import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, expect, onTestFailed, test } from 'vitest'
import { type Face, missing, openWindow, root, sharedFolder } from './support/faces.ts'
import { noSharedData, realPictures } from './support/pictures.ts'

const patience = { timeout: 90_000 }
const folders: { remove: () => void }[] = []
afterAll(() => folders.forEach((folder) => folder.remove()))

const roomKey = (face: Face, digit: number): string => (face === 'Electron' ? `Control+${digit}` : `Control+Shift+Digit${digit}`)
const seen = async (page: Page, text: RegExp | string): Promise<void> => await page.getByText(text).first().waitFor(patience)

function digests(folder: string): Map<string, string> {
  const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(files.sort().map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')]))
}

test.for<Face>(['Chromium', 'Electron'])('from a folder to a verified export by keyboard alone, in %s', async (face, { skip }) => {
  const reason = missing(face) ?? noSharedData
  if (reason) skip(reason)
  const place = sharedFolder('main-job')
  folders.push(place)
  const pictures = realPictures(join(place.path, 'pictures'))
  const target = join(place.path, 'cleaned')
  place.open()
  const before = digests(pictures)
  const window = await openWindow(face, { home: join(place.path, 'home') })
  const { page } = window
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
  }
  onTestFailed(async () => void (await page.screenshot({ path: join(root, '.cache', `main-job-${face}.png`) }).catch(() => undefined)))
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })

  // A first start, a folder, one page, one key.
  await seen(page, 'Welcome to Winnow')
  await press('n')
  await page.keyboard.type(pictures)
  await press('Enter')
  await seen(page, /Create and prepare/)
  await seen(page, /1\d\d images/)
  await press('Control+Enter')

  // The library fills while the machine reads, embeds, compares and predicts.
  await seen(page, 'idle')
  await seen(page, /could not be read/)

  // Duplicates: accept one group, take it back, accept all as one step.
  await press(roomKey(face, 2))
  await seen(page, /Accept \d+ groups/)
  await press('p')
  await seen(page, 'accepted')
  await press('Backspace')
  await page.getByText('accepted', { exact: true }).waitFor({ ...patience, state: 'detached' })
  await press('Control+Enter')
  await seen(page, 'All decided')

  // Labels: one key decides and the next picture is there.
  await press(roomKey(face, 4))
  await seen(page, /left/)
  const left = async (): Promise<number> => Number(/(\d+) of \d+ left/.exec(await page.getByText(/\d+ of \d+ left/).first().innerText(patience))?.[1])
  const atFirst = await left()
  expect(atFirst).toBeGreaterThanOrEqual(12)
  let expected = atFirst
  // A key is only taken once the picture it is about is there.
  for (const [key, change] of [['p', -1], ['2', -1], ['0', -1], ['Backspace', 1], ['s', -1]] as const) {
    await page.locator('main button[aria-pressed]').first().waitFor(patience)
    await press(key)
    expected += change
    await seen(page, `${expected} of `)
  }

  // Export, then proof.
  await press(roomKey(face, 7))
  const field = page.locator('input').and(page.getByLabel('Folder', { exact: true }))
  await field.waitFor(patience)
  await field.focus()
  await press('Control+a')
  await page.keyboard.type(target)
  await seen(page, /Export \d+ images/)
  await press('Control+Enter')
  await seen(page, /images exported/)
  await press('F6', 'v')
  await seen(page, /files are as they were written/)
  await window.close()

  expect(problems).toEqual([])
  expect(digests(pictures), 'the originals are byte for byte what they were').toEqual(before)
  const manifest = readFileSync(join(target, 'manifest.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { status: string; path?: string; sha256: string; reason?: string })
  const kept = manifest.filter(({ status }) => status !== 'excluded')
  expect(kept.length).toBeGreaterThan(80)
  for (const { path, sha256 } of kept) expect(createHash('sha256').update(readFileSync(join(target, path ?? ''))).digest('hex')).toBe(sha256)
  expect(manifest.filter(({ reason: why }) => why === 'dropped as a duplicate').length).toBeGreaterThanOrEqual(8)
  expect(existsSync(join(target, 'SHA256SUMS'))).toBe(true)
})
