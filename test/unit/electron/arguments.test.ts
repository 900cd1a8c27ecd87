import { expect, test } from 'vitest'
import { checkRemote, parseArguments } from '../../../electron/main/arguments.ts'

test('a project folder among the arguments is opened', () => {
  expect(parseArguments(['.', '--no-sandbox', '/data/monkeys.winnow'], {})).toEqual({ project: '/data/monkeys.winnow', remote: null, home: undefined })
})

test('an engine elsewhere is taken with its token, from the flag or the environment', () => {
  expect(parseArguments(['--engine', 'http://127.0.0.1:4600/', '--token', 't'], {}).remote).toEqual({ url: 'http://127.0.0.1:4600', token: 't' })
  expect(parseArguments(['--engine=https://gpu.example:443/x?y'], { WINNOW_TOKEN: 'e' }).remote).toEqual({ url: 'https://gpu.example', token: 'e' })
})

test.each(['http://192.168.0.3:4600', 'http://gpu.example', 'ftp://127.0.0.1', 'ws://127.0.0.1:1', 'file:///etc/passwd', 'http://127.0.0.1.evil.example'])('%s is refused: the token would travel in the clear', (url) => {
  expect(() => checkRemote(url, 't')).toThrow(/only https, or http to 127\.0\.0\.1/)
})

test('what is no address, and a missing token, are said so', () => {
  expect(() => checkRemote('gpu', 't')).toThrow(/not an address/)
  expect(() => checkRemote('https://gpu.example', undefined)).toThrow(/--token/)
})
