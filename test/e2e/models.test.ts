import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { missing, openWindow, sharedFolder } from './support/faces.ts'
import { hands, patience, roomKey } from './support/hands.ts'
import { readProject } from './support/project.ts'
import { sharedData } from './support/pictures.ts'

const file = join(sharedData, '..', 'models', 'mobilenet-v2-1280.onnx')
const noModel = existsSync(file) ? null : `no model of a user's own: ${file} is not there (WINNOW_SHARED)`

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
  await page.getByRole('combobox', { name: 'Range' }).focus()
  await press('Enter')
  await page.getByRole('option', { name: '−1 to 1' }).waitFor(patience)
  await press('ArrowDown', 'Enter')
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
  await chooseButton('Basic', 'Make default')
  await chooseButton('mobilenet-v2-1280', 'Remove')
  await page.getByRole('article', { name: 'mobilenet-v2-1280' }).waitFor({ ...patience, state: 'detached' })
  expect(existsSync(file), 'the file itself stays').toBe(true)
})
