import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readWindowState } from '../../../electron/main/windowState.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

const display = { x: 0, y: 0, width: 1920, height: 1080 }

function read(state: unknown): ReturnType<typeof readWindowState> {
  const file = join(temporaryFolder(), 'window.json')
  writeFileSync(file, typeof state === 'string' ? state : JSON.stringify(state))
  return readWindowState(file, [display])
}

test('a window comes back where it was', () => {
  const state = { bounds: { x: 100, y: 50, width: 1280, height: 800 }, maximised: true }
  expect(read(state)).toEqual(state)
})

test.each([
  ['outside every display', { bounds: { x: 5000, y: 50, width: 1280, height: 800 }, maximised: false }],
  ['above the top', { bounds: { x: 0, y: -500, width: 1280, height: 800 }, maximised: false }],
  ['too small to use', { bounds: { x: 0, y: 0, width: 20, height: 20 }, maximised: false }],
  ['no numbers', { bounds: { x: 'a', y: 0, width: 1280, height: 800 }, maximised: false }],
  ['no JSON', '{"bounds"'],
  ['no bounds', { maximised: true }]
])('a state that is %s is forgotten', (_name, state) => {
  expect(read(state)).toBeNull()
})

test('no file, no state', () => {
  expect(readWindowState('/nonexistent/window.json', [display])).toBeNull()
})
