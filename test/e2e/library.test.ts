import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Face, missing, openWindow, sharedFolder } from './support/faces.ts'
import { focusRing, hands, patience, roomKey, unnamed } from './support/hands.ts'
import { readProject } from './support/project.ts'

const count = 24

test.for<Face>(['Chromium', 'Electron'])('the library by keyboard: look, select, decide, undo, filter, in %s', async (face, { skip }) => {
  const reason = missing(face)
  if (reason) skip(reason)
  const place = sharedFolder('library')
  onTestFinished(place.remove)
  const project = await readProject(place.path, { count })
  place.open()
  const window = await openWindow(face, { home: join(place.path, 'home'), project })
  onTestFinished(window.close)
  const { page } = window
  const { press, type, seen, gone } = hands(page)
  const cursor = page.locator('[role=gridcell][data-cursor]')
  const dropped = page.locator('[role=gridcell]:has([data-dropped])')
  const named = async (): Promise<string> => (await cursor.getAttribute('aria-label')) ?? ''

  // A project that was named at the start is shown at once.
  await seen(`${count} images`)
  expect(new URL(page.url()).hash).toBe('#/library')
  await seen(`${count} undecided`)
  await cursor.waitFor(patience)

  // One key decides and goes on.
  await press('ArrowRight', 'ArrowRight')
  const third = await named()
  expect(third).toMatch(/^\d+\.ppm, a$/)
  await press('p')
  await seen(`${count - 1} undecided`)
  expect(await named()).not.toBe(third)
  await press('ArrowLeft')
  expect(await named()).toBe(third)

  // A selection is one step, and one undo.
  await press('End', 'Shift+ArrowLeft', 'Shift+ArrowLeft')
  await seen(`3 of ${count} selected`)
  await press('x')
  await seen('Dropped 3 images')
  await expect.poll(async () => await dropped.count(), patience).toBe(3)
  await press('Control+z')
  await seen('Undid: Dropped 3 images')
  await expect.poll(async () => await dropped.count(), patience).toBe(0)
  await press('Control+Shift+z')
  await expect.poll(async () => await dropped.count(), patience).toBe(3)
  await press('Backspace')
  await expect.poll(async () => await dropped.count(), patience).toBe(0)
  await press('Control+a')
  await seen(`All ${count} images of this list are selected`)
  await press('Escape')
  await gone(/are selected/)

  // Filters: by arrows through the menu, by typing a name, and away again.
  const tickKept = async (): Promise<void> => {
    await press('Shift+F')
    await page.locator('button:focus', { hasText: 'Class' }).waitFor(patience)
    await press('ArrowDown')
    const kept = page.getByRole('checkbox', { name: /kept/ })
    await kept.waitFor(patience)
    await press('ArrowRight')
    await page.locator('input[type=checkbox]:focus').waitFor(patience)
    expect(await focusRing(page)).toBe(true)
    while ((await kept.and(page.locator(':focus')).count()) === 0) await press('ArrowDown')
    await press('Space', 'Escape')
  }
  await tickKept()
  await seen(`1 of ${count} images`)
  expect(await named()).toBe(third)
  await tickKept()
  await seen(/^24 images/)
  await press('/')
  await type('a/1')
  await seen(/^\d of 24 images/)
  await press('Enter', 'Enter')
  await seen(/^1 of \d$/)
  await press('Escape', '/', 'Escape')
  await seen(/^24 images/)

  // The loupe shows the whole picture; keys go on working there.
  await press('Home', 'Enter')
  const picture = page.locator('[data-work] img[src*="/image/"]').first()
  await picture.waitFor(patience)
  await expect.poll(async () => await picture.evaluate((image: HTMLImageElement) => image.naturalWidth), patience).toBe(48)
  await seen(`1 of ${count}`)
  await press('j', 'x')
  await seen(`3 of ${count}`)
  await press('Escape', 'Control+z')
  await seen('Undid: Dropped 1 image')

  // Help, commands by name, and a name for everything that can be pressed.
  await press('?')
  await seen('Keys of this screen')
  await seen('Select everything in this list')
  await press('Escape', 'Control+k')
  await page.locator('input[placeholder="What do you want to do?"]:focus').waitFor(patience)
  await type('settings')
  await page.locator('.mantine-Spotlight-action[data-selected]').waitFor(patience)
  await press('Enter')
  await seen('Folders of Stripes')
  expect(new URL(page.url()).hash).toBe('#/settings')
  expect(await unnamed(page)).toEqual([])
  for (const digit of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    await press(roomKey(face, digit))
    await page.locator('[data-region="top bar"]').waitFor(patience)
    expect(await unnamed(page), `room ${digit}`).toEqual([])
  }
  await press('F6')
  expect(await focusRing(page)).toBe(true)
})
