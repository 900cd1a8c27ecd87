import { expect, test } from 'vitest'
import { bytesInWords, count, counted, printable, secondsInWords, table } from '../../../core/cli/words.ts'

test('numbers, bytes and times are written for people', () => {
  expect(count(1_234_567)).toBe('1,234,567')
  expect([counted(1, 'image'), counted(0, 'image'), counted(2, 'class', 'classes')]).toEqual(['1 image', '0 images', '2 classes'])
  expect([bytesInWords(1), bytesInWords(999), bytesInWords(1500), bytesInWords(25_000_000), bytesInWords(3e12)]).toEqual(['1 byte', '999 bytes', '1.5 KB', '25 MB', '3.0 TB'])
  expect([secondsInWords(0), secondsInWords(42), secondsInWords(180), secondsInWords(7500)]).toEqual(['1 s', '42 s', '3 min', '2 h 5 min'])
})

test('a table aligns its columns, numbers to the right', () => {
  expect(table(['id', 'name', 'images'], [[1, 'a', 5], [10, 'long', 1234]])).toBe('id  name  images\n 1  a          5\n10  long   1,234')
})

test('a file name cannot steer the terminal', () => {
  expect(printable('a\u001b[2Jb\u0007c\td\ne\rf\u009bg')).toBe('a\uFFFD[2Jb\uFFFDc\td\ne\uFFFDf\uFFFDg')
})
