import { ORPCError } from '@orpc/server'
import { expect, test } from 'vitest'
import type { Log } from '../../../core/app/log.ts'
import { WinnowError } from '../../../core/domain/errors.ts'
import { toContractError } from '../../../core/server/boundary.ts'
import { RemoteError } from '../../../core/workers/channel.ts'

function boundary() {
  const lines: string[] = []
  const log: Log = { error: (text) => void lines.push(text), info: (text) => void lines.push(text), place: '/home/engine.log' }
  return { lines, turn: (error: unknown) => toContractError(error, { path: ['images', 'view'], log }) }
}

test('a WinnowError keeps its code, sentence and data', () => {
  const { lines, turn } = boundary()
  expect(turn(new WinnowError('CONFLICT', 'There is already something in /a.', { folder: '/a' }))).toMatchObject({ code: 'CONFLICT', status: 409, message: 'There is already something in /a.', data: { folder: '/a' } })
  expect(lines).toEqual([])
})

test('one that came over a process border is still one', () => {
  const { turn } = boundary()
  expect(turn(new RemoteError({ name: 'WinnowError', message: 'No such job.', code: 'NOT_FOUND' }))).toMatchObject({ code: 'NOT_FOUND', message: 'No such job.' })
})

test('who holds a locked project is told, the token of that engine is not', () => {
  const { turn } = boundary()
  const error = turn(new WinnowError('LOCKED', 'It is open in Winnow.', { pid: 7, url: 'http://127.0.0.1:1', token: 'secret' }))
  expect(error).toMatchObject({ code: 'LOCKED', data: { pid: 7 } })
  expect(JSON.stringify(error)).not.toContain('secret')
})

test('wrong input names the field', () => {
  const { turn } = boundary()
  const error = turn(new ORPCError('BAD_REQUEST', { message: 'Input validation failed', data: { issues: [{ path: ['filter', 'state', 0], message: 'Invalid option' }] } }))
  expect(error).toMatchObject({ code: 'BAD_INPUT', message: 'images.view: filter.state.0: Invalid option.' })
})

test("the system's errors are sentences with the path", () => {
  const { lines, turn } = boundary()
  expect(turn(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', path: '/root/x' }))).toMatchObject({ code: 'UNAVAILABLE', message: '/root/x may not be read or written by you: check its permissions.' })
  expect(turn(Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }))).toMatchObject({ code: 'UNAVAILABLE', message: 'The project’s database cannot be written: the disk is full.' })
  expect(lines).toEqual([])
})

test('anything else is logged with a reference, and its text is not shown', () => {
  const { lines, turn } = boundary()
  const error = turn(new TypeError("Cannot read properties of undefined (reading 'secret')"))
  expect(error).toMatchObject({ code: 'UNEXPECTED', status: 500 })
  expect(error.message).not.toContain('secret')
  const { reference } = error.data as { reference: string }
  expect(error.message).toContain(reference)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain(`[${reference}] images.view: TypeError`)
  expect(boundary().turn('a string')).toMatchObject({ code: 'UNEXPECTED' })
  expect(boundary().turn(undefined)).toMatchObject({ code: 'UNEXPECTED' })
})
