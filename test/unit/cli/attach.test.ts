import { expect, test } from 'vitest'
import { checkEngineUrl } from '../../../core/cli/attach.ts'
import { exitCodeOf } from '../../../core/cli/exitCodes.ts'
import { openInBrowser } from '../../../core/cli/openInBrowser.ts'

test.each(['http://127.0.0.1:4600', 'http://localhost:4600/', 'http://[::1]:4600', 'https://gpu.example.org'])('%s may be attached to', (address) => {
  expect(checkEngineUrl(address).protocol).toMatch(/^https?:$/)
})

test.each(['http://gpu.example.org:4600', 'http://192.168.1.4:4600', 'http://127.0.0.1.evil.example', 'ws://127.0.0.1:4600', 'ftp://127.0.0.1', 'file:///etc/passwd', '127.0.0.1:4600', ''])('%s may not: the token would travel in the clear', (address) => {
  expect(() => checkEngineUrl(address)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
})

test('every error code has its exit code, and an unknown one is a failure', () => {
  expect(['NOT_FOUND', 'BAD_INPUT', 'LOCKED', 'UNAVAILABLE', 'CONFLICT', 'CORRUPT', 'NEWER_VERSION', 'UNEXPECTED', undefined].map(exitCodeOf)).toEqual([3, 2, 4, 4, 7, 8, 8, 1, 1])
})

test('without a display no browser is tried', () => {
  expect(openInBrowser('http://127.0.0.1/', {}, 'linux')).toBe(false)
})
