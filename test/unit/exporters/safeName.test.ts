import { posix, win32 } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FileNames } from '../../../core/exporters/fileNames.ts'
import { classFolders } from '../../../core/exporters/folderNames.ts'
import { nameKey, safeName } from '../../../core/exporters/safeName.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.array(fc.constantFrom('..', '.', '/', '\\', 'con', 'NUL', 'aux', 'COM1', ' ', '\n', '\0', ':', 'é', 'e\u0301', '~', 'a', '.jpg', '\u202e', '\ud800', 'ß', 'İ', '$'), { maxLength: 60 }).map((parts) => parts.join('')),
  fc.constantFrom('../../etc', '/etc/passwd', 'C:\\Windows', 'con', 'Con.txt', 'con .txt', 'aux.', '..', '.', '', ' ', '...', '.git', 'a/b', 'a\\b', 'x'.repeat(400), '\u0000', 'CONIN$', 'com¹', 'lpt9.jpg', '-rf', 'name.', 'name ', '日本'.repeat(100))
)
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i

describe('a safe name', () => {
  test('is one plain segment inside the folder, on every system', () => {
    fc.assert(fc.property(hostile, (name) => {
      const safe = safeName(name)
      expect(posix.resolve('/target', safe)).toBe(`/target/${safe}`)
      expect(win32.resolve('C:\\target', safe)).toBe(`C:\\target\\${safe}`)
      expect(safe).not.toMatch(/[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}]/u)
      expect(safe).not.toMatch(/^[. ]|[. ]$/)
      expect(device.test((safe.split('.')[0] ?? '').trimEnd())).toBe(false)
      expect(Buffer.byteLength(safe)).toBeGreaterThan(0)
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200)
      expect(safe).toBe(safe.normalize('NFC'))
    }), { numRuns: 3000 })
  })

  test('does not change when it is made safe again', () => {
    fc.assert(fc.property(hostile, (name) => {
      expect(safeName(safeName(name))).toBe(safeName(name))
    }), { numRuns: 3000 })
  })

  test('leaves ordinary names as they are', () => {
    for (const name of ['photo-0001.jpg', 'Übersicht.png', '東京 タワー.webp', 'a.b.c.jpeg', 'console', 'nullable.txt']) expect(safeName(name)).toBe(name)
  })

  test('keeps two long names two, with their extension', () => {
    const [a, b] = [safeName(`${'x'.repeat(300)}1.jpg`), safeName(`${'x'.repeat(300)}2.jpg`)]
    expect(a).not.toBe(b)
    expect(a).toMatch(/\.jpg$/)
  })
})

describe('class folders', () => {
  test('are one for each class and never meet, however the classes are called', () => {
    fc.assert(fc.property(fc.uniqueArray(hostile, { maxLength: 40 }), (names) => {
      const folders = classFolders(names)
      expect(folders.size).toBe(names.length)
      expect(new Set([...folders.values()].map(nameKey)).size).toBe(names.length)
      for (const folder of folders.values()) expect(['_unlabelled', 'manifest.jsonl', 'dataset.json', 'sha256sums', 'classes.txt', 'images']).not.toContain(nameKey(folder))
    }))
  })

  test('do not depend on the order in which the classes come', () => {
    fc.assert(fc.property(fc.uniqueArray(hostile, { maxLength: 30 }), fc.infiniteStream(fc.nat()), (names, numbers) => {
      const keyed = names.map((name) => ({ name, key: numbers.next().value as number }))
      const shuffled = keyed.toSorted((a, b) => a.key - b.key).map(({ name }) => name)
      expect(new Map([...classFolders(shuffled)].toSorted())).toEqual(new Map([...classFolders(names)].toSorted()))
    }))
  })

  test('tell apart what differs only in case, or only in what is not allowed', () => {
    expect([...classFolders(['cat', 'Cat', 'a/b', 'a_b', 'a\\b']).values()].toSorted()).toEqual(['Cat', 'a_b', 'a_b-2', 'a_b-3', 'cat-2'].toSorted())
  })
})

describe('file names', () => {
  const sha = 'ab'.repeat(32)

  test('are unique without regard to case, with the content hash as a stable suffix', () => {
    const names = new FileNames()
    expect(names.take('cat', 'IMG.jpg', 'jpeg', sha)).toBe('cat/IMG.jpg')
    expect(names.take('cat', 'img.JPG', 'jpeg', sha)).toBe('cat/img-abababab.JPG')
    expect(names.take('cat', 'img.jpg', 'jpeg', sha)).toBe('cat/img-abababab-2.jpg')
    expect(names.take('dog', 'IMG.jpg', 'jpeg', sha)).toBe('dog/IMG.jpg')
  })

  test('get an extension that loaders know', () => {
    const names = new FileNames()
    expect(names.take('c', 'scan', 'jpeg', sha)).toBe('c/scan.jpg')
    expect(names.take('c', 'scan.dat', 'png', sha)).toBe('c/scan.dat.png')
    expect(names.take('c', 'scan.bmp', 'jpeg', sha)).toBe('c/scan.bmp')
  })

  test('never meet', () => {
    fc.assert(fc.property(fc.array(fc.tuple(hostile, fc.constantFrom('jpeg', 'png', null), fc.constantFrom(sha, 'cd'.repeat(32))), { maxLength: 60 }), (files) => {
      const names = new FileNames()
      const taken = files.map(([name, format, hash]) => names.take('c', name, format, hash))
      expect(new Set(taken.map(nameKey)).size).toBe(files.length)
      for (const path of taken) {
        expect(path.split('/')).toHaveLength(2)
        expect(Buffer.byteLength(path)).toBeLessThanOrEqual(202)
      }
    }))
  })
})
