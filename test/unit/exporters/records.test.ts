import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLines, metadataColumns, type MetadataRecord } from '../../../core/exporters/records.ts'
import { exportCommand, shellQuoted } from '../../../core/exporters/exportCommand.ts'

const record = (own: Partial<MetadataRecord>): MetadataRecord => ({
  file_name: 'images/a/b.jpg', label: 'a', label_source: 'given', score: null, predicted_label: null, predicted_score: null, split: 'train', identity: null, fold: null, group_id: null, keeper_id: null,
  decision: null, reason: null, width: 10, height: 20, bytes: 300, format: 'jpeg', sha256: 'ab', phash: null, source: '/root/b.jpg', id: 1, ...own
})
const dangerous = /^[=+\-@\t\r]/

describe('metadata.csv', () => {
  test('reads back as it was written, whatever the texts hold', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 }).map((s) => s.toWellFormed()).filter((s) => !/^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20\uFEFF]/.test(s))
    fc.assert(fc.property(fc.array(fc.record({ label: text, identity: text, reason: text }), { minLength: 1, maxLength: 20 }), (rows) => {
      const csv = csvLines(rows.map(record), true)
      const back = parse(csv, { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[]
      expect(back.map(({ label, identity, reason }) => ({ label, identity, reason }))).toEqual(rows)
      expect(Object.keys(back[0] ?? {})).toEqual([...metadataColumns])
    }))
  })

  test('holds no cell that a spreadsheet would run as a formula', () => {
    for (const label of ['=1+1', '+cmd', '-2', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://x")']) {
      const [row] = parse(csvLines([record({ label })], true), { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[]
      expect(row?.label).toBe(`'${label}`)
      expect(row?.label).not.toMatch(dangerous)
    }
  })

  test('writes its header once', () => {
    expect(csvLines([record({})], false).split('\r\n')).toHaveLength(2)
    expect(csvLines([record({})], true).split('\r\n')[0]).toBe(metadataColumns.join(','))
  })
})

describe('the command', () => {
  test('quotes what a shell would read otherwise', () => {
    expect(shellQuoted('/a/b-c_1.winnow')).toBe('/a/b-c_1.winnow')
    expect(shellQuoted("/a b/it's; rm -rf $HOME")).toBe(String.raw`'/a b/it'\''s; rm -rf $HOME'`)
    expect(shellQuoted('-rf')).toBe("'-rf'")
  })

  test('says the options that are not as usual', () => {
    const spec = { target: '/out/x', format: 'csv', media: 'hardlink', labelledOnly: true, withoutUnsure: false, splitFolders: true, copyIfLinkFails: false } as const
    expect(exportCommand('/p.winnow', { ...spec, selection: { ids: [1, 2] } })).toBe('npm run winnow -- export /p.winnow /out/x --format csv --media hardlink --labelled-only --with-unsure --split-folders --images 1 2')
  })
})
