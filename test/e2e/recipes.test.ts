import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Engine } from '../../core/engine.ts'
import { copiesProject, findCopies } from './support/copies.ts'
import { type Face, missing, openWindow, root, sharedFolder } from './support/faces.ts'
import { focusRing, hands, patience, roomKey, unnamed } from './support/hands.ts'

const count = 16

test.for<Face>(['Chromium', 'Electron'])('a recipe by keyboard: run, what if, calibrate, copy, text, runs, export, in %s', async (face, { skip }) => {
  const reason = missing(face)
  if (reason) skip(reason)
  const place = sharedFolder('recipes')
  onTestFinished(place.remove)
  const { folder, truth } = await copiesProject(place.path, { count })
  place.open()
  const window = await openWindow(face, { home: join(place.path, 'home'), project: folder })
  let passed = false
  onTestFinished(async () => {
    if (!passed) await window.page.screenshot({ path: join(root, '.cache', `recipes-${face}.png`) }).catch(() => undefined)
    await window.close()
  })
  const { page } = window
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  const { press, type, seen, gone } = hands(page)
  const step = (id: string) => page.locator(`[data-step="${id}"]`)
  const toStep = async (id: string): Promise<void> => {
    await press('Home')
    for (let i = findCopies.steps.findIndex((one) => one.id === id); i > 0; i--) await press('ArrowDown')
    await expect.poll(async () => await step(id).getAttribute('aria-current'), patience).toBe('true')
  }

  // From anywhere to a recipe by its name; it says what it needs.
  await seen(`${count * 2} images`)
  await press('Control+k')
  await page.getByPlaceholder('What do you want to do?').waitFor(patience)
  await type('run recipe: which test')
  await press('Escape', roomKey(face, 6))
  await seen('Copy detection by descriptor (ISC21, 1st)')
  await press('/')
  await type('find copies')
  await press('Enter')
  await page.getByRole('heading', { name: 'Find copies' }).waitFor(patience)
  await seen('6 steps to run.')
  await press('o', 'Tab')
  await type(`${truth}x`)
  await press('Enter')
  await seen(/truth.csvx is not there/)
  await press('Backspace', 'Enter', 'Escape')
  await seen('8 steps to run.')
  expect(await unnamed(page)).toEqual([])

  // Run, and look at what each step made.
  await press('Control+Enter')
  await seen('All 8 steps are there already.')
  await toStep('result')
  const number = page.getByLabel(/^What run 1 reached/)
  await number.waitFor(patience)
  expect(await number.innerText()).toContain('uAP')
  await page.getByRole('slider', { name: /precision by recall/i }).waitFor(patience)
  await toStep('sure')
  await press('t')
  await page.getByRole('table').getByText('R0.ppm').first().waitFor(patience)
  await press('Escape')
  await page.getByRole('dialog').waitFor({ ...patience, state: 'detached' })

  // What if: a stricter filter is tried at once, and nothing is run for it.
  await press('p')
  expect(await focusRing(page)).toBe(true)
  await press('Control+a')
  await type('0.9')
  await press('Escape')
  await seen('What if: the numbers above are those of a trial')
  await expect.poll(async () => await step('sure').locator('[data-state=tried]').count(), patience).toBe(1)

  // As a run, beside the first one.
  await press('Control+Enter')
  await seen('All 8 steps are there already.')
  await page.getByLabel(/^What run 2 reached/).waitFor(patience)
  await press('r')
  await seen('Set otherwise')
  await seen('sure.minScore')
  await press('g')

  // As a recipe of one's own.
  await press('Control+s')
  await page.locator('[role=dialog] input:focus').waitFor(patience)
  await type('Strict copies')
  await press('Enter')
  await seen('Saved “Strict copies” (find-copies-copy).')
  await page.getByRole('heading', { name: 'Strict copies' }).waitFor(patience)

  // Its text: what is wrong is said with its line.
  await press('e')
  const text = page.getByLabel('Text of find-copies-copy')
  await expect.poll(async () => await text.evaluate((element) => element === document.activeElement), patience).toBe(true)
  await press('Control+Home')
  await type('x')
  await seen(/This is not JSON/)
  await press('Backspace')
  await seen('It is right')
  await press('Escape', 'd')
  await seen(/Saved “.*” \(find-copies-copy-2\)/)
  await press('Escape', 'g')
  await page.getByRole('heading', { name: 'Strict copies (copy)' }).waitFor(patience)
  await press('Delete')
  await seen(/Removed “/)

  // The constant of another model is set from one's own data.
  await press('/', 'Control+a')
  await type('find-copies')
  await press('Enter')
  await page.getByRole('heading', { name: 'Find copies', exact: true }).waitFor(patience)
  await seen('All 8 steps are there already.')
  await toStep('sure')
  await page.getByText(/Uncalibrated: .* was found with another-model/).waitFor(patience)
  await press('p', 'Tab', 'Enter')
  await seen(/gives the best uAP/)
  await page.getByRole('button', { name: /^Save with/ }).focus()
  await press('Enter')
  await seen(/Saved “Find copies” \(find-copies\)/)
  await gone(/Uncalibrated: .* was found with another-model/)
  await gone('Set otherwise than the recipe says')

  // A result as a file.
  await toStep('lists')
  await page.getByRole('button', { name: 'Export…' }).focus()
  await press('Enter')
  const target = join(place.path, 'lists.csv')
  const field = page.getByLabel('File', { exact: true }).first()
  await expect.poll(async () => await field.inputValue(), patience).toMatch(/find-copies-lists\.csv$/)
  await field.focus()
  await press('Control+a')
  await type(target)
  await press('Enter')
  await page.getByRole('button', { name: 'Write the file' }).focus()
  await press('Enter')
  await seen(/rows? written to/)
  expect(existsSync(target)).toBe(true)
  expect(readFileSync(target, 'utf8')).toContain('R0')
  passed = true
  await window.close()
  expect(problems).toEqual([])

  // What the engine holds of it.
  place.open()
  const engine = new Engine({ home: join(place.path, 'reader'), program: 'test', visionWorkers: 1 })
  onTestFinished(async () => await engine.close())
  const { recipes } = await engine.openProject(folder)
  const runs = await recipes.runs({ recipe: 'find-copies' })
  expect(runs.map(({ state }) => state)).toEqual(['done', 'done'])
  expect((await recipes.run({ runId: runs[0]?.runId ?? 0 })).overrides).toEqual({ 'sure.minScore': 0.9 })
  expect((await recipes.run({ runId: runs[1]?.runId ?? 0 })).options['truth']).toBe(truth)
  const own = (await recipes.list()).filter(({ builtIn }) => !builtIn).map(({ name }) => name)
  expect(own).toEqual(['find-copies', 'find-copies-copy'])
  const { recipe: copy } = await recipes.read({ name: 'find-copies-copy' })
  expect(copy.steps.find(({ id }) => id === 'sure')?.with).toEqual({ minScore: 0.9 })
  const { recipe: calibrated } = await recipes.read({ name: 'find-copies' })
  expect(calibrated.steps.find(({ id }) => id === 'sure')?.foundWith).toEqual({ minScore: 'winnow-s' })
})
