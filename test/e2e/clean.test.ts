import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFailed, onTestFinished, test } from 'vitest'
import { jobRequest } from '../../core/contract/jobs.ts'
import { rootSpec } from '../../core/contract/project.ts'
import { Engine } from '../../core/engine.ts'
import { ppm, writePictures } from '../support/pictures.ts'
import { type Face, missing, openWindow, root, sharedFolder } from './support/faces.ts'
import { hands, patience, roomKey, unnamed } from './support/hands.ts'

/** Six pictures of a, three of b: an image has five, or two, others of its class. */
const sizes = { a: 6, b: 3 }

async function makeProject(place: string): Promise<{ project: string; truth: string }> {
  const pictures = join(place, 'pictures')
  writePictures(join(pictures), sizes.a, ['a'])
  writePictures(join(pictures), sizes.b, ['b'])
  for (let i = 0; i < sizes.b; i++) writeFileSync(join(pictures, 'b', `${i}.ppm`), ppm(50 + i))
  const truth = join(place, 'truth.csv')
  const rows = (Object.entries(sizes)).flatMap(([name, count]) => Array.from({ length: count }, (_, i) => `${name}/${i}.ppm,${name === 'b' ? 1 : 0}`))
  writeFileSync(truth, `image,foreign\n${rows.join('\n')}\n`)
  const engine = new Engine({ home: join(place, 'maker'), program: 'test', visionWorkers: 1 })
  const project = join(place, 'shapes.winnow')
  try {
    const { jobs, roots } = await engine.createProject(project, 'Shapes')
    await roots.add(rootSpec.parse({ path: pictures }))
    const { id } = await jobs.start(jobRequest.parse({ kind: 'scan' }))
    await jobs.done(id)
  } finally {
    await engine.close()
  }
  return { project, truth }
}

/** What the engine has stored, when no window is there any more: path -> verdict and reason. */
async function verdicts(place: string, project: string): Promise<Map<string, string>> {
  const engine = new Engine({ home: join(place, 'reader'), program: 'test', visionWorkers: 1 })
  try {
    const { images } = await engine.openProject(project)
    const view = await images.view({ filter: {}, sort: 'path' })
    const ids = [...engine.current.views.get(view.viewId)]
    return new Map((await images.rows({ ids })).map(({ path, verdict, verdictReason }) => [path, [verdict, verdictReason].filter(Boolean).join(': ')]))
  } finally {
    await engine.close()
  }
}

test.for<Face>(['Chromium', 'Electron'])('cleaning by keyboard: run, walk the grid, judge at the border, choose, undo, in %s', async (face, { skip }) => {
  const reason = missing(face)
  if (reason) skip(reason)
  const place = sharedFolder('clean')
  onTestFinished(place.remove)
  const { project, truth } = await makeProject(place.path)
  place.open()
  const window = await openWindow(face, { home: join(place.path, 'home'), project })
  let open = true
  onTestFinished(async () => { if (open) await window.close() })
  const { page } = window
  onTestFailed(async () => void (await page.screenshot({ path: join(root, '.cache', `clean-${face}.png`) }).catch(() => undefined)))
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  const { press, type, seen, gone } = hands(page)
  const cursor = page.locator('[role=gridcell][aria-selected=true]')
  const button = (name: RegExp | string) => page.getByRole('button', { name })
  await seen('9 undecided')

  // Nothing is there yet: one form, a quick try, one key.
  await press(roomKey(face, 5))
  await seen('Nothing has been swept yet')
  await press('q')
  await page.getByLabel('Ground truth, where there is one').focus()
  await type(truth)
  await press('Control+Enter')

  // The grid begins in its middle; each cell says what it keeps, in words too.
  await button(/Drop 3 images/).waitFor({ timeout: 180_000 })
  expect(await cursor.getAttribute('aria-label')).toContain('at least 3 pairs among each other’s nearest 100: 6; keeps 6 of 9 images')
  await seen(/precision 1\.00, recall 1\.00/)
  expect(await unnamed(page)).toEqual([])
  await press('3')
  expect(await cursor.innerText()).toContain('1.00')
  await press('Home')
  await seen(/precision 0\.66|precision 0\.67/)
  await press('1')
  await seen('Nothing to drop')

  // Two cells compared: what the stricter one drops that the milder one keeps.
  await press('c', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight')
  await seen('Dropped here, kept there')
  await button(/Drop 9 images/).waitFor(patience)
  await expect.poll(async () => await page.getByRole('listbox', { name: 'Dropped here, kept there' }).getByRole('option').count(), patience).toBe(9)
  await press('c', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft')
  await gone('Dropped here, kept there')
  await button(/Drop 3 images/).waitFor(patience)

  // Other parameters without matching again: a class of six does not do for seven.
  await press(']', ']', ']', ']', ']')
  await seen('A trial of 7 instead of 2')
  await button(/Drop 9 images/).waitFor(patience)
  await seen(/vanishes/)
  await press('[', '[', '[', '[', '[')
  await button(/Drop 3 images/).waitFor(patience)
  await gone(/A trial of/)

  // One class alone; what speaks for a picture; and a person's word counts more than the cell.
  await press('/')
  await type('b')
  await expect.poll(async () => await page.getByRole('listbox', { name: 'Classes' }).getByRole('option').count(), patience).toBe(1)
  await press('Enter')
  await seen('only b')
  await press('Enter')
  const picture = page.locator('[role=option][aria-selected=true][id^=dropped-]')
  await picture.waitFor(patience)
  const first = await picture.getAttribute('id')
  await press('Enter')
  await seen(/Class b\. 2 of its 2 pairs count here/)
  await press('Escape')
  await press('p')
  await expect.poll(async () => await picture.getAttribute('id'), patience).not.toBe(first)
  await button(/Drop 2 images/).waitFor(patience)
  await seen(/1 stays: kept by a person/)
  await press('Escape', 'Escape')
  await gone('only b')

  // Choosing is one step, and its undo too.
  await press('Control+Enter')
  await seen('The project stands as this cell says.')
  await press('Control+z')
  await button(/Drop 2 images/).waitFor(patience)
  await press('Control+Shift+z')
  await seen('The project stands as this cell says.')
  // A milder cell would take its place.
  await press('ArrowLeft')
  await button(/Bring back 2 images/).waitFor(patience)
  await press('ArrowRight')
  await seen('The project stands as this cell says.')
  await window.close()
  open = false

  expect(problems).toEqual([])
  const stored = await verdicts(place.path, project)
  const why = 'drop: clean v=100 f=3 (mutual ranks)'
  expect([...stored.values()].filter((one) => one !== '').sort()).toEqual([why, why, 'keep: by hand'])
  for (const [path, said] of stored) expect(said === '', path).toBe(path.startsWith('a/'))
})
