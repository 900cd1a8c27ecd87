import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MachineFacts } from './machine.ts'
import { type BenchResult, isMet } from './result.ts'

interface ResultFile {
  readonly at: string
  readonly machine: MachineFacts
  readonly sgemmGmacPerSecond: number
  readonly results: readonly BenchResult[]
}

const number = (value: number): string => (Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3))))

function row({ what, target, ratio, unit, judged, wall, cpu, others, figures, ...result }: BenchResult, sgemm: number): string {
  const wanted = 'atLeast' in target ? `>= ${target.atLeast}` : `<= ${target.atMost}`
  const how = judged === undefined ? '' : `${judged === 'cpu' ? 'CPU time' : 'clock'}; by the ${judged === 'cpu' ? 'clock' : 'CPU time'} ${number((judged === 'cpu' ? wall : cpu) ?? Number.NaN)}; others took ${Math.round((others ?? 0) * 100)} % of the cores`
  const absolute = [...Object.entries(figures).map(([name, value]) => `${name} ${typeof value === 'number' ? number(value) : value}`), `sgemm ${number(sgemm)} GMAC/s`].join(', ')
  return `| ${isMet({ what, target, ratio, unit, figures, ...result }) ? 'met' : '**missed**'} | ${what} | ${wanted} ${unit} | **${number(ratio)}** | ${how} | ${absolute} |`
}

/** Puts the results that lie in `folder` into the table of a Markdown page, between its two marks. */
export function writeTable(page: string, folder: string, names: readonly string[]): void {
  const files = names.map((name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as ResultFile)
  const machines = new Set(files.map(({ machine: { cpu, cores, memoryGb, node } }) => `${cpu}, ${cores} cores, ${memoryGb} GB, Node ${node}`))
  const days = [...new Set(files.map(({ at }) => at.slice(0, 10)))].sort()
  const table = [
    `${[...machines].join('; ')}; ${days.join(', ')}.`,
    '',
    '| | what | target | measured | judged by | absolute figures of that run |',
    '| --- | --- | --- | --- | --- | --- |',
    ...files.flatMap(({ results, sgemmGmacPerSecond }) => results.map((result) => row(result, sgemmGmacPerSecond)))
  ].join('\n')
  writeBetween(page, 'results', table)
}

/** Puts text between the two marks `<!-- name -->` and `<!-- end of name -->` of a Markdown page. */
export function writeBetween(page: string, name: string, content: string): void {
  const text = readFileSync(page, 'utf8')
  writeFileSync(page, text.replace(new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*(<!-- end of ${name} -->)`), (_all, begin: string, end: string) => `${begin}${content}\n${end}`))
}
