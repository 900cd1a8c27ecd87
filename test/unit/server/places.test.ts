import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expandPath, placesOf } from '../../../core/app/home.ts'
import { fileNameFor } from '../../../core/app/fileName.ts'
import { spread } from '../../../core/app/mosaic.ts'
import { plainPage, withNonce } from '../../../core/server/pages.ts'

test('the app keeps its files where each platform keeps them', () => {
  const of = (platform: NodeJS.Platform, env: Record<string, string> = {}) => placesOf({ env, platform, user: '/home/me' }).home
  expect(of('linux')).toBe('/home/me/.local/share/winnow')
  expect(of('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/winnow')
  expect(of('linux', { XDG_DATA_HOME: 'relative' })).toBe('/home/me/.local/share/winnow')
  expect(of('darwin')).toBe('/home/me/Library/Application Support/Winnow')
  expect(of('win32', { APPDATA: '/r' })).toBe(join('/r', 'Winnow'))
  expect(of('linux', { WINNOW_HOME: '/elsewhere' })).toBe('/elsewhere')
  expect(placesOf({ home: '/given', env: { WINNOW_HOME: '/elsewhere' } })).toEqual({ home: '/given', projects: '/given/projects' })
})

test('a path is read as a shell would', () => {
  expect(expandPath('~/pictures')).toBe(join(homedir(), 'pictures'))
  expect(expandPath('~')).toBe(homedir())
  expect(expandPath('/a/../b')).toBe('/b')
  expect(expandPath('~other/x', '/home/me')).toBe(join(process.cwd(), '~other/x'))
})

test.each([
  ['Monkeys', 'Monkeys'],
  ['../../etc', 'etc'],
  ['a/b\\c:d', 'a-b-c-d'],
  ['con', 'Project con'],
  ['  . ', 'Project'],
  ['', 'Project'],
  ['Grüße 猿', 'Grüße 猿'],
  ['x\u0000y', 'x-y'],
  ['z'.repeat(300), 'z'.repeat(80)]
])('the name %j becomes the file name %j', (name, file) => {
  expect(fileNameFor(name)).toBe(file)
})

test('pictures for a card are taken from all over the project', () => {
  expect(spread(0, 4)).toEqual([])
  expect(spread(3, 4)).toEqual([0, 1, 2])
  expect(spread(100, 4)).toEqual([12, 37, 62, 87])
})

test('a page gets its nonce once, wherever it is asked for', () => {
  expect(withNonce('<html><head lang="en"><title>x</title></head></html>', 'abc')).toBe('<html><head lang="en"><meta name="csp-nonce" content="abc" /><title>x</title></head></html>')
  expect(withNonce('<head><meta name="csp-nonce" content="{{nonce}}"><style nonce="{{nonce}}"></style></head>', 'abc')).toBe('<head><meta name="csp-nonce" content="abc"><style nonce="abc"></style></head>')
  expect(plainPage('<script>')).not.toContain('<script>')
})
