/**
 * npm run bench [-- NAME…]: every target is a ratio of two measurements of the same run, because machines differ and are shared; judge.ts says how. Writes
 * test/bench/results/<name>.json and the table of docs/benchmarks.md. Images come from ../shared (WINNOW_SHARED), or --images DIR.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { benchEmbedding } from './embedding.ts'
import { benchLibrary } from './library.ts'
import { sgemmRate, thisMachine } from './machine.ts'
import { benchNormalising } from './normalising.ts'
import { benchRecipes, writeRecipeTable } from './recipes.ts'
import { benchRegrouping } from './regrouping.ts'
import { benchReranking } from './reranking.ts'
import { type BenchResult, isMet } from './result.ts'
import { benchScanning } from './scanning.ts'
import { benchSelfKnn } from './selfKnn.ts'
import { writeTable } from './table.ts'
import { benchVerifying } from './verifying.ts'

export interface BenchOptions {
  readonly images: string
  readonly shared: string
  /** ONNX files of models to measure recipes with, beside those that come with Winnow. */
  readonly models: readonly string[]
}

const benches: Readonly<Record<string, (options: BenchOptions) => Promise<BenchResult[]>>> = {
  embedding: benchEmbedding,
  scanning: benchScanning,
  library: benchLibrary,
  knn: benchSelfKnn,
  regrouping: benchRegrouping,
  normalising: benchNormalising,
  reranking: benchReranking,
  verifying: benchVerifying,
  recipes: benchRecipes
}

const root = join(import.meta.dirname, '..', '..')
const { values, positionals } = parseArgs({ allowPositionals: true, options: { images: { type: 'string' }, model: { type: 'string', multiple: true, default: [] }, help: { type: 'boolean' } } })
const unknown = positionals.filter((name) => !(name in benches))
if (values.help || unknown.length > 0) {
  console.log(`npm run bench -- [${Object.keys(benches).join('|')}]… [--images DIR] [--model FILE.onnx]…`)
  process.exit(unknown.length > 0 ? 2 : 0)
}
const shared = process.env.WINNOW_SHARED ?? join(root, '..', 'shared')
const images = values.images ?? join(shared, 'data', 'photos-101')
if (!existsSync(images)) {
  console.error(`There are no images at ${images}. Give a folder of photos: npm run bench -- --images DIR`)
  process.exit(2)
}

const results = join(root, 'test', 'bench', 'results')
mkdirSync(results, { recursive: true })
const machine = thisMachine()
console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}`)
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  const sgemm = await sgemmRate()
  const found = await (benches[name] as (options: BenchOptions) => Promise<BenchResult[]>)({ images, shared, models: values.model.map((file) => resolve(file)) })
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify({ at: new Date().toISOString(), machine, sgemmGmacPerSecond: Number(sgemm.toFixed(1)), results: found }, null, 2)}\n`)
  if (name === 'recipes') writeRecipeTable(join(root, 'docs', 'benchmarks.md'), found)
  for (const result of found) {
    const target = 'atLeast' in result.target ? `>= ${result.target.atLeast}` : `<= ${result.target.atMost}`
    console.log(`${isMet(result) ? 'met   ' : 'MISSED'} ${result.bench}: ${result.what}: ${result.ratio.toPrecision(3)} ${result.unit} (target ${target})`)
    if (result.judged) console.log(`       judged by ${result.judged}: clock ${result.wall?.toPrecision(3)}, CPU ${result.cpu?.toPrecision(3)}; others took ${Math.round((result.others ?? 0) * 100)} % of the cores`)
    console.log(`       ${Object.entries(result.figures).map(([key, value]) => `${key} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`).join(', ')}; sgemm ${sgemm.toFixed(0)} GMAC/s`)
  }
}
// What recipes reach has a table of its own.
const names = Object.keys(benches).filter((name) => name !== 'recipes')
if (names.every((name) => existsSync(join(results, `${name}.json`)))) writeTable(join(root, 'docs', 'benchmarks.md'), results, names)
process.exit(0)
