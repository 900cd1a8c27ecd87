import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DeviceAssignment } from '../../../core/workers/deviceAssignment.ts'

const workers = (count: number): { name: number; load: number }[] => Array.from({ length: count }, (_, name) => ({ name, load: 0 }))

test('with no device or one there is nothing to assign', () => {
  for (const devices of [[], [0]]) {
    const assignment = new DeviceAssignment<object>(devices)
    expect(assignment.several).toBe(false)
    expect(assignment.deviceOf({})).toBeNull()
  }
})

test('one worker each, then evenly; a worker keeps its device; the place of one that ended is taken', () => {
  const assignment = new DeviceAssignment<object>([0, 2, 5])
  const all = workers(7)
  expect(all.map((worker) => assignment.deviceOf(worker))).toEqual([0, 2, 5, 0, 2, 5, 0])
  expect(all.map((worker) => assignment.deviceOf(worker))).toEqual([0, 2, 5, 0, 2, 5, 0])
  assignment.forget(all[1] as object)
  assignment.forget(all[4] as object)
  expect(assignment.deviceOf({})).toBe(2)
})

test('a call goes to the device with the least to do', () => {
  const assignment = new DeviceAssignment<{ name: number; load: number }>([0, 1])
  const [a, b, c] = workers(3) as [{ name: number; load: number }, { name: number; load: number }, { name: number; load: number }]
  for (const worker of [a, b, c]) assignment.deviceOf(worker)
  a.load = 2
  expect(assignment.choose([b, c], [a, b, c], ({ load }) => load)).toBe(b)
  // c shares its device with a, so b takes the next one too.
  b.load = 1
  expect(assignment.choose([b, c], [a, b, c], ({ load }) => load)).toBe(b)
  b.load = 2
  expect(assignment.choose([c], [a, b, c], ({ load }) => load)).toBe(c)
  expect(assignment.choose([], [a, b, c], ({ load }) => load)).toBeNull()
})

test('however workers come and go, no device has two more workers than another when nobody ended', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.nat(63), { minLength: 2, maxLength: 8 }), fc.nat(30), (devices, count) => {
    const assignment = new DeviceAssignment<object>(devices)
    const held = workers(count).map((worker) => assignment.deviceOf(worker))
    const counts = devices.map((device) => held.filter((one) => one === device).length)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    expect(held.every((device) => devices.includes(device as number))).toBe(true)
  }))
})
