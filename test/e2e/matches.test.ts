import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { jobRequest } from '../../core/contract/jobs.ts'
import { rootSpec } from '../../core/contract/project.ts'
import { Engine } from '../../core/engine.ts'
import { type Face, missing, openWindow, root, sharedFolder } from './support/faces.ts'
import { hands, patience, roomKey, unnamed } from './support/hands.ts'

const size = { width: 320, height: 240 }

/** Rectangles of all colours, another picture for each seed: enough corners to be recognised by. */
function drawn(seed: number): Sharp {
  let state = seed * 2654435761 + 1
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const pixels = Buffer.alloc(size.width * size.height * 3, 128)
  for (let i = 0; i < 90; i++) {
    const [left, top, width, height] = [random(size.width), random(size.height), 8 + random(70), 8 + random(60)]
    const colour = [random(256), random(256), random(256)]
    for (let y = top; y < Math.min(size.height, top + height); y++) for (let x = left; x < Math.min(size.width, left + width); x++) colour.forEach((value, channel) => { pixels[(y * size.width + x) * 3 + channel] = value })
  }
  return sharp(pixels, { raw: { ...size, channels: 3 } })
}

/** Six references; of four queries three are cut, shrunk copies of the first three references, the last one of none. The recipe has been run. */
async function matchedProject(place: string): Promise<string> {
  const folder = join(place, 'copies.winnow')
  const [references, queries] = [join(place, 'references'), join(place, 'queries')]
  for (const one of [references, queries]) mkdirSync(one, { recursive: true })
  for (let i = 0; i < 6; i++) await drawn(i + 1).png().toFile(join(references, `r${i}.png`))
  for (let i = 0; i < 3; i++) await drawn(i + 1).extract({ left: 20, top: 10, width: 280, height: 210 }).resize(260).jpeg({ quality: 80 }).toFile(join(queries, `q${i}.jpg`))
  await drawn(77).jpeg().toFile(join(queries, 'q3.jpg'))
  const truth = join(place, 'truth.csv')
  writeFileSync(truth, 'query_id,reference_id\nq0,r0\nq1,r1\nq2,r2\nq3,\n')
  const engine = new Engine({ home: join(place, 'maker'), program: 'test', visionWorkers: 1 })
  try {
    const { jobs, roots } = await engine.createProject(folder, 'Copies')
    await roots.add(rootSpec.parse({ path: references, role: 'reference', labelsFromFolders: false }))
    await roots.add(rootSpec.parse({ path: queries, role: 'query', labelsFromFolders: false }))
    for (const request of [{ kind: 'scan' }, { kind: 'recipe', recipe: 'new-against-old', options: { truth } }]) {
      const { id } = await jobs.start(jobRequest.parse(request))
      await jobs.done(id)
    }
  } finally {
    await engine.close()
  }
  return folder
}

/** What a finished project holds: decisions and vetoes by the pictures' names. */
async function stored(place: string, folder: string) {
  const engine = new Engine({ home: join(place, 'reader'), program: 'test', visionWorkers: 1 })
  try {
    const { project } = await engine.openProject(folder)
    const { images, vetoes } = project.read
    const { ids } = await images.view({}, 'path')
    const names = new Map((await images.rows([...ids])).map(({ id, name }) => [id, name]))
    const all = [...ids].flatMap((a, i) => Array.from(ids.subarray(i + 1), (b) => [a, b] as const))
    const pairs = await vetoes.relations(all.map(([a]) => a), all.map(([, b]) => b))
    return { said: pairs.map(({ a, b, value }) => `${[names.get(a), names.get(b)].toSorted().join(' ')} ${value}`).toSorted(), vetoes: await vetoes.lists() }
  } finally {
    await engine.close()
  }
}

test.for<Face>(['Chromium', 'Electron'])('matches are looked through, decided and exported by keyboard alone, in %s', async (face, { skip }) => {
  const reason = missing(face)
  if (reason) skip(reason)
  const place = sharedFolder('matches')
  onTestFinished(place.remove)
  const folder = await matchedProject(place.path)
  place.open()
  const window = await openWindow(face, { home: join(place.path, 'home'), project: folder })
  const { page } = window
  const { press, type, seen } = hands(page)
  let passed = false
  onTestFinished(async () => {
    if (passed) return
    await page.screenshot({ path: join(root, '.cache', `matches-${face}.png`) }).catch(() => undefined)
    await window.close()
  })
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  const current = async (name: string): Promise<void> => await page.locator('[aria-label="Queries"] [aria-selected="true"]', { hasText: name }).waitFor(patience)
  const shown = async (): Promise<string> => await page.getByRole('img', { name: /^reference / }).first().getAttribute('alt', patience) ?? ''

  /** A command by its name; while its list closes, keys are still its own. */
  const command = async (words: string, name: string | RegExp): Promise<void> => {
    await press('Control+k')
    await page.getByPlaceholder('What do you want to do?').waitFor(patience)
    await type(words)
    await page.getByText(name).first().waitFor(patience)
    await press('Enter')
    await page.getByRole('dialog').waitFor({ ...patience, state: 'detached' })
  }

  await seen('10 images')
  await press(roomKey(face, 3))
  // What the recipe is for comes first: all pairs, the proven ones on top. Three are proven. The ranked lists before it hold all four queries.
  await seen('4 queries, 24 pairs')
  await command('only what geometry', /Result: Only what geometry proves/)
  await seen('3 queries, 3 pairs')
  await command('find the nearest', /Result: Find the nearest/)
  await seen('4 queries, 24 pairs')
  await seen(/best reference: 3 right, 0 wrong, 1 without a match/)
  expect(await unnamed(page)).toEqual([])

  // The way through the run, the evidence, the lines, the overlay.
  await page.locator('[aria-label="Compare"] svg line').first().waitFor({ ...patience, state: 'attached' })
  const lines = await page.locator('[aria-label="Compare"] svg line').count()
  expect(lines).toBeGreaterThan(10)
  await press('y')
  expect(await page.locator('[aria-label="Compare"] svg line').count()).toBe(0)
  await press('y', 'o')
  await seen(/query under 50 % reference/)
  await press('.')
  await seen(/query under 55 % reference/)
  await press('i')
  await seen(/Mean difference/)
  await press('Escape')

  // By path, so that the order is known: accept, refuse (the next reference comes), none of the rest.
  await command('order of queries: by path', 'Order of queries: by path')
  await page.locator('[aria-label="Queries"] [role=option]').nth(1).filter({ hasText: 'q1.jpg' }).waitFor(patience)
  await current('q0.jpg')
  await page.getByRole('img', { name: 'reference r0.png' }).first().waitFor(patience)
  await press('p')
  await current('q1.jpg')
  await page.getByRole('img', { name: 'reference r1.png' }).first().waitFor(patience)
  const first = await shown()
  await press('x')
  await expect.poll(shown).not.toBe(first)
  await press('ArrowLeft', 'v')
  await current('q2.jpg')
  await press('ArrowDown')
  await current('q3.jpg')
  await page.getByRole('img', { name: /^reference r/ }).first().waitFor(patience)
  await press('Shift+X')
  await seen('The end of the list')
  await seen('3 decided, 1 left')

  // Taken back one by one, each where it was; the last one is said again.
  await press('Backspace')
  await current('q3.jpg')
  await seen('2 decided, 2 left')
  await press('Control+Shift+Z')
  await seen('3 decided, 1 left')

  // A veto of what lies there, on a list of its own.
  await press('Home', 'ArrowDown', 'ArrowDown')
  await current('q2.jpg')
  await page.getByRole('img', { name: 'reference r2.png' }).first().waitFor(patience)
  await press('2')
  await expect.poll(shown).not.toBe('reference r2.png')
  const vetoed = (await shown()).replace('reference ', '')
  await press('b')
  await page.getByRole('dialog').getByText(vetoed).first().waitFor(patience)
  await press('Enter')
  await seen('Put 1 entry on the veto list not usable')
  await press('Shift+B')
  await page.getByRole('dialog').getByText('1 image').waitFor(patience)
  expect(await unnamed(page)).toEqual([])
  await press('Escape')
  await page.getByRole('dialog').waitFor({ ...patience, state: 'detached' })

  // All that is sure enough and still open, as one step; then only what was accepted goes to a file.
  await press('Control+Enter')
  await seen(/Accepted 1 match/)
  await press('Shift+E')
  await seen('What was accepted')
  await page.locator('[role=dialog] input[type=radio]:checked').focus()
  await press('ArrowDown')
  await page.locator('[role=dialog] input[value=accepted]:checked').waitFor({ ...patience, state: 'attached' })
  await press('Enter')
  await seen(/2 accepted pairs, 0 others/)
  const target = join(place.path, 'accepted.csv')
  await page.getByRole('dialog').getByLabel('File').first().focus()
  await press('Control+a')
  await type(target)
  await press('Enter')
  await seen(/2 rows written/)
  const [head, ...rows] = readFileSync(target, 'utf8').trim().split(/\r?\n/)
  expect(head).toMatch(/score/)
  expect(rows.map((row) => [/q\d/.exec(row)?.[0], /r\d/.exec(row)?.[0]].join(' ')).toSorted()).toEqual(['q0 r0', 'q2 r2'])

  expect(problems).toEqual([])
  passed = true
  await window.close()
  const { said, vetoes } = await stored(place.path, folder)
  expect(said.filter((one) => !one.startsWith('q3'))).toEqual(['q0.jpg r0.png same', 'q1.jpg r1.png variant', 'q2.jpg r2.png same'])
  expect(said.filter((one) => one.startsWith('q3'))).toHaveLength(6)
  expect(said.filter((one) => one.startsWith('q3')).every((one) => one.endsWith('different'))).toBe(true)
  expect(vetoes).toMatchObject([{ name: 'not usable', applied: true, images: 1, pairs: 0 }])
})
