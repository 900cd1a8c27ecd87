import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWinnowError } from '../../../core/domain/errors.ts'
import { csvBatches, csvField } from '../../../core/formats/csvBatches.ts'
import { openCsv } from '../../../core/formats/csvTable.ts'
import { readPairFile } from '../../../core/formats/readPairFile.ts'
import { openVectorTable } from '../../../core/formats/vectorTable.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

async function rowsOf(path: string, chunkBytes?: number): Promise<{ rows: string[][]; lines: number[] }> {
  const rows: string[][] = []
  const lines: number[] = []
  for await (const batch of csvBatches(path, undefined, chunkBytes)) {
    for (const row of batch.rows) rows.push([...row])
    for (const line of batch.lines) lines.push(line)
  }
  return { rows, lines }
}

async function sentence(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (isWinnowError(error)) return error.message
    throw error
  }
  throw new Error('It was accepted.')
}

const written = (text: string | Buffer): string => {
  const path = join(temporaryFolder('csv'), 'a.csv')
  writeFileSync(path, text)
  return path
}

const field = fc.string({ unit: fc.constantFrom('a', '7', ',', ';', '"', '\n', '\r\n', ' ', 'ü', '𝄞', '\t', '.'), maxLength: 6 })

describe('csv', () => {
  test('reads what csv-parse reads, whatever stands in a field and wherever a chunk ends', async () => {
    const folder = temporaryFolder('csv')
    await fc.assert(fc.asyncProperty(fc.integer({ min: 2, max: 4 }).chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 })), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.integer({ min: 1, max: 9 }), async (table, lineEnd, bom, chunk) => {
      // The first row decides what separates fields.
      const all = [table[0]?.map((_, i) => `c${i}`) ?? [], ...table]
      const text = `${bom ? '\ufeff' : ''}${all.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join(lineEnd)}`
      const path = join(folder, 'a.csv')
      writeFileSync(path, text)
      const { rows } = await rowsOf(path, chunk)
      expect(rows).toEqual(parse(text, { bom: true, delimiter: ',' }))
    }), { numRuns: 150 })
  })

  test('gives back the fields that it writes', async () => {
    const folder = temporaryFolder('csv')
    await fc.assert(fc.asyncProperty(fc.array(fc.array(field, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 }), async (table) => {
      const path = join(folder, 'a.csv')
      const rows = [['one', 'two', 'three'], ...table]
      writeFileSync(path, rows.map((row) => row.map(csvField).join(',')).join('\n'))
      expect((await rowsOf(path)).rows).toEqual(rows)
    }), { numRuns: 150 })
  })

  test('every beginning of a file is read or refused by name', async () => {
    const folder = temporaryFolder('csv')
    const text = Buffer.from('\ufeffid,"a ""quoted"" word",ü\r\n"x\r\ny",2,3\r\n,"5",6\r\n')
    const path = join(folder, 'a.csv')
    for (let length = 0; length <= text.length; length++) {
      writeFileSync(path, text.subarray(0, length))
      try {
        await rowsOf(path, 3)
      } catch (error) {
        expect(isWinnowError(error)).toBe(true)
      }
    }
  })

  test.each([
    ['a quote that never ends', 'a,b\n1,"2\n3,4\n', /a\.csv, line 2: a quote \("\) is opened and never closed/],
    ['a quote inside a field', 'a,b\n1,2"3\n', /line 2: a quote \("\) stands inside field 2/],
    ['text after a quoted field', 'a,b\n"1"x,2\n', /line 2: a quote \("\) stands inside field 1/],
    ['a row with more fields', 'a,b\n1,2\n\n1,2,3\n', /line 4: there are 3 fields where the first row has 2/],
    ['a row with one field', 'a,b\n1\n', /line 2: there is 1 field where/],
    ['a zero byte', 'a,b\n1,\0\n', /line 2: there is a zero byte/],
    ['UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le'), /UTF-16/],
    ['Latin-1', Buffer.concat([Buffer.from('a,b\n1,'), Buffer.of(0xe4, 0x0a)]), /line 2: the text is not UTF-8/],
    ['nothing', '', /is empty/]
  ])('%s is named with its line', async (_, text, words) => {
    expect(await sentence(rowsOf(written(text)))).toMatch(words)
  })

  test('lines are counted over blank lines, CRLF and fields of several lines; semicolons, tabs and old line ends are understood', async () => {
    expect((await rowsOf(written('a;b\r\n\r\n"1\r\n2";3\r\n4;5\r\n'))).lines).toEqual([1, 3, 5])
    expect((await rowsOf(written('a\tb\n1,5\t2\n'))).rows).toEqual([['a', 'b'], ['1,5', '2']])
    expect((await rowsOf(written('a,b\r1,2\r'))).rows).toEqual([['a', 'b'], ['1', '2']])
  })

  test.each([
    ['id,0,1\na,1,2\n', true], ['id,v_0,v_1\na,1,2\n', true], ['a,1,2\nb,3,4\n', false], ['Q00000,R000000,0.5\n', false], ['query_id,reference_id,score\n', true]
  ])('whether %j has a header is told', async (text, header) => {
    expect((await openCsv(written(text))).hasHeader).toBe(header)
  })

  test.each([
    ['id,x,y\na,1,two\n', /a\.csv, line 2, column "y" \(3\): "two" is not a number/],
    ['id,x,y\na,1,\n', /line 2, column "y" \(3\): "" is not a number/],
    ['id;x;y\na;1,5;2\n', /line 2.*"1,5" is not a number.*decimal point/],
    ['id,x,y\na,1,2\nb,nan,2\n', /line 3 \("b"\): value 1 of 2 is NaN/],
    ['id,x,y\na,1,-inf\n', /line 2 \("a"\): value 2 of 2 is -Infinity/],
    ['id,x,y\n,1,2\n', /line 2: the id is empty/],
    ['id\na\n', /one column only/]
  ])('vectors in %j are refused with line and column', async (text, words) => {
    const read = async (): Promise<void> => {
      const table = await openVectorTable(written(text))
      for await (const _ of table.blocks()) continue
    }
    expect(await sentence(read())).toMatch(words)
  })

  test('two million pairs pass through in little memory', async () => {
    const rows = 2_000_000
    const path = join(temporaryFolder('csv'), 'pairs.csv')
    const out = createWriteStream(path)
    out.write('query_id,reference_id,score\r\n')
    for (let first = 0; first < rows; first += 50_000) {
      let text = ''
      for (let i = first; i < first + 50_000; i++) text += `Q${String(i % 1000).padStart(5, '0')},R${String(i % 1_000_000).padStart(6, '0')},${(i * 7919) % rows}e-3\r\n`
      if (!out.write(text)) await once(out, 'drain')
    }
    out.end()
    await once(out, 'finish')
    const match = (id: string) => ({ imageId: Number(id.slice(1)) + (id.startsWith('R') ? 1000 : 1) })
    const before = process.memoryUsage().rss
    let most = 0
    const { a, scores, report, selves } = await readPairFile({ file: path, strict: 'no' }, { matchQuery: match, matchReference: match, report: () => void (most = Math.max(most, process.memoryUsage().rss)) })
    expect(report.ids).toBe(2 * rows)
    expect(a.length + report.duplicated.count + selves).toBe(rows)
    expect(scores.every((score, i) => i === 0 || score <= (scores[i - 1] as number))).toBe(true)
    // 60 MB of text; what is kept is 16 bytes a pair.
    expect(most - before).toBeLessThan(400 * 2 ** 20)
  })
})
