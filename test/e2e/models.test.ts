import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { missing, openWindow, sharedFolder } from './support/faces.ts'
import { hands, patience, roomKey, unnamed } from './support/hands.ts'
import { readProject } from './support/project.ts'
import { sharedData } from './support/pictures.ts'

const file = join(sharedData, '..', 'models', 'mobilenet-v2-1280.onnx')
const noModel = existsSync(file) ? null : `no model of a user's own: ${file} is not there (WINNOW_SHARED)`

/** Picks an entry of a list by keyboard. */
async function choose(page: Page, label: string, wanted: RegExp | string): Promise<void> {
  const { press } = hands(page)
  await page.getByRole('combobox', { name: label }).focus()
  await press('Enter')
  await page.getByRole('option').and(page.locator(':visible')).first().waitFor(patience)
  // Which entry the arrows go on from is set in a timer of no length: this later one ends after it.
  await page.evaluate(async () => await new Promise((resolve) => setTimeout(resolve, 20)))
  const highlighted = page.locator('[role=option][data-combobox-selected]:visible')
  const isWanted = async (): Promise<boolean> => new RegExp(wanted).test(await highlighted.innerText())
  do await press('ArrowDown')
  while (!(await isWanted()))
  await press('Enter')
}

test('Chromium: a model of one’s own is added, used and removed through the screen', async ({ skip }) => {
  const reason = missing('Chromium') ?? noModel
  if (reason) skip(reason)
  const place = sharedFolder('models')
  onTestFinished(place.remove)
  const project = await readProject(place.path, { count: 6 })
  const window = await openWindow('Chromium', { home: join(place.path, 'home'), project })
  onTestFinished(window.close)
  const { page } = window
  const { press, type, seen } = hands(page)
  const chooseButton = async (card: string, name: string): Promise<void> => {
    const button = page.getByRole('article', { name: card }).getByRole('button', { name })
    await button.and(page.locator(':enabled')).waitFor(patience)
    await button.focus()
    await press('Enter')
  }
  await seen('6 undecided')
  await press(roomKey('Chromium', 8))
  await seen('Winnow S (small trained descriptor)')
  await seen('Basic (gradients and colour)')

  // A file that is no model is refused with a sentence, and nothing is added.
  await press('a')
  await page.locator('input:focus').waitFor(patience)
  await type(join(project, 'project.db'))
  await press('Enter')
  await seen('The file could not be used.')
  await press('Control+a')
  await type(file)
  await press('Enter')

  // What the file does not say has to be answered; the hand is where the first answer is missing.
  await seen(/Inputs: input float32 \[N, 3, 224, 224\]/)
  await page.locator('input[placeholder="Apache-2.0"]:focus').waitFor(patience)
  expect(await page.getByRole('button', { name: 'Try it and add' }).isDisabled()).toBe(true)
  await type('Apache-2.0')
  await press('Tab')
  await type('google-coral/test_data')
  await choose(page, 'Range', '−1 to 1')
  await expect.poll(async () => await page.getByLabel('Mean').inputValue(), patience).toBe('0.5, 0.5, 0.5')
  expect(await page.getByLabel('Std').inputValue()).toBe('0.5, 0.5, 0.5')
  expect(await page.getByLabel('Numbers in the vector').inputValue()).toBe('1280')
  await page.getByLabel('Std').focus()
  await press('Enter')
  await seen('was added after a trial run')

  // Its own descriptors, then the default, then away again. Only what is not the default can be removed.
  await chooseButton('mobilenet-v2-1280', 'Describe this project with it')
  await seen(/6 images embedded with mobilenet-v2-1280/)
  await press('Escape')
  await seen('1280 × float32')
  await chooseButton('mobilenet-v2-1280', 'Make default')
  await expect.poll(async () => await page.getByRole('article', { name: 'mobilenet-v2-1280' }).getByRole('button', { name: 'Remove' }).isDisabled(), patience).toBe(true)
  await chooseButton('Winnow S', 'Make default')
  await chooseButton('mobilenet-v2-1280', 'Remove')
  await page.getByRole('article', { name: 'mobilenet-v2-1280' }).waitFor({ ...patience, state: 'detached' })
  expect(existsSync(file), 'the file itself stays').toBe(true)
})

const exported = join(import.meta.dirname, '..', 'medium', 'models', 'exports')

test('Chromium: known models say how to get them; a model is compared with its original before it is added', async ({ skip }) => {
  const reason = missing('Chromium')
  if (reason) skip(reason)
  const place = sharedFolder('known-models')
  onTestFinished(place.remove)
  const project = await readProject(place.path, { count: 2 })
  const window = await openWindow('Chromium', { home: join(place.path, 'home'), project })
  onTestFinished(window.close)
  const { page } = window
  const { press, type, seen, gone } = hands(page)
  const fill = async (label: string, text: string): Promise<void> => {
    await page.getByLabel(label).focus()
    await press('Control+a')
    await type(text)
  }
  const push = async (name: string): Promise<void> => {
    await page.getByRole('button', { name, exact: true }).and(page.locator(':enabled')).waitFor(patience)
    await page.getByRole('button', { name, exact: true }).focus()
    await press('Enter')
  }
  await seen('2 undecided')
  await press(roomKey('Chromium', 8))
  await seen('Known models: how to get them')
  const isc = page.getByRole('article', { name: /isc_ft_v107/ })
  await isc.getByRole('button', { name: 'How to get it' }).focus()
  await press('Enter')
  await seen(/python3 models\/export\/isc\.py/)
  await seen('Not run here')
  expect(await isc.getByRole('link', { name: /isc_ft_v107\.pth\.tar/ }).getAttribute('href')).toMatch(/^https:\/\/github\.com\//)
  expect(await unnamed(page)).toEqual([])

  // A file that is not what the known model's card says is refused by name.
  await press('a')
  await page.locator('input:focus').waitFor(patience)
  await choose(page, 'Its card', /isc_ft_v107/)
  await fill('ONNX file', join(exported, 'tiny-isc.onnx'))
  await press('Enter')
  await seen(/is N x 3 x 32 x 32, the card says N x 3 x/)

  // Without it, the card is made from the file. With the wrong values the vectors differ, and nothing is added.
  await choose(page, 'Its card', 'Made from the file')
  await seen(/Inputs: picture float32/)
  await fill('Licence', 'MIT')
  await fill('Source', 'a test')
  await fill('Picture', join(exported, 'picture.png'))
  await fill('Its vector, .npy or JSON', join(exported, 'picture.npy'))
  await push('Compare')
  await seen(/they differ/)
  await push('Try it and add')
  await page.getByRole('checkbox', { name: 'Add it all the same' }).waitFor(patience)
  expect(await page.getByRole('button', { name: 'Try it and add' }).isVisible()).toBe(true)

  // With the right ones they agree, and it is.
  await choose(page, 'Resampling', 'Pillow')
  await choose(page, 'Range', '−1 to 1')
  await gone(/they differ/)
  await push('Compare')
  await seen(/they agree/)
  await push('Try it and add')
  await seen('was added after a trial run')
  await page.getByRole('article', { name: 'tiny-isc' }).waitFor(patience)
})
