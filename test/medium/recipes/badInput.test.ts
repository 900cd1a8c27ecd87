/**
 * Bad files, bad models and bad recipes through the whole product: each is refused by name, with the line or field and what to do, and leaves nothing half-written: no run
 * that is still "running", no result without a record, no temporary file.
 */
import { appendFileSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, truncateSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Job } from '../../../core/contract/jobs.ts'
import { recipe as schema, type RecipeStep } from '../../../core/contract/recipes.ts'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import { npyBytes } from '../../../core/formats/npy.ts'
import { writeVectorsAs, type VectorFormat } from '../../../core/formats/writeVectors.ts'
import { cardFor, channelMeans } from '../models/tinyModels.ts'
import { writePictures } from '../../support/pictures.ts'
import { projectOver } from '../../support/recipeProjects.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-bad-input-'))
const project = join(folder, 'p.winnow')
const engine = new Engine({ home: join(folder, 'home'), program: 'test', visionWorkers: 1 })
const pictures = 8
let open: OpenProject

const at = (name: string): string => join(folder, name)
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(at(name), content)
  return at(name)
}

beforeAll(async () => {
  writePictures(at('photos'), pictures)
  open = await projectOver(engine, project, [{ path: at('photos'), role: 'train', labels: true }])
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

type Steps = (Partial<RecipeStep> & { id: string; use: string })[]
const recipeOf = (steps: Steps, shows?: string): unknown => ({ format: 'winnow-recipe-1', name: 'bad', title: 'Bad', shows: [shows ?? steps.at(-1)?.id], steps })

async function run(steps: Steps, set: Record<string, unknown> = {}): Promise<Job> {
  const { id } = await open.jobs.start({ kind: 'recipe', body: schema.parse(recipeOf(steps)), options: {}, set })
  return await open.jobs.done(id)
}

const images = { id: 'all', use: 'select' }
const readVectors = (file: string, more: Record<string, unknown> = {}): Steps => [images, { id: 'read', use: 'read-vectors', from: { images: 'all' }, with: { file, ...more } }]
const readPairs = (file: string, more: Record<string, unknown> = {}): Steps => [images, { id: 'read', use: 'read-pairs', from: { queries: ['all'] }, with: { file, ...more } }]
const readLabels = (file: string, more: Record<string, unknown> = {}): Steps => [images, { id: 'read', use: 'read-labels', from: { images: 'all' }, with: { file, ...more } }]
const readTruth = (file: string, more: Record<string, unknown> = {}): Steps => [images, { id: 'read', use: 'truth', from: { queries: ['all'] }, with: { file, ...more } }]

/** What a result says of itself: facts of the last step. */
async function facts(job: Job): Promise<Record<string, unknown>> {
  expect(job.error).toBeNull()
  const { steps } = await open.recipes.run({ runId: (job.data as { runId: number }).runId })
  return steps.at(-1)?.result?.facts ?? {}
}

/** Every result has its record and every record its folder; nothing is being made; no run is still going on. */
afterEach(async () => {
  const runs = await open.recipes.runs({})
  expect(runs.filter(({ state }) => state === 'running')).toEqual([])
  for (const { runId } of runs) {
    const { steps } = await open.recipes.run({ runId })
    expect(steps.filter(({ state }) => state === 'running')).toEqual([])
  }
  const known = new Set(await open.project.read.recipes.resultKeys())
  const there = readdirSync(open.project.resultsFolder).filter((name) => name !== '.work')
  expect(there.filter((name) => !known.has(name))).toEqual([])
  expect([...known].filter((key) => !there.includes(key))).toEqual([])
  const work = join(open.project.resultsFolder, '.work')
  expect(existsSync(work) ? readdirSync(work) : []).toEqual([])
  expect(readdirSync(folder).filter((name) => /\.(part|tmp)$/.test(name))).toEqual([])
})

const ids = ['0.ppm', '1.ppm', '2', 'b/3.ppm']
const values = Float32Array.from({ length: 12 }, (_, i) => i + 1)
const formats: [VectorFormat, string][] = [['npy', 'npy'], ['npz', 'npz'], ['hdf5', 'h5'], ['parquet', 'parquet'], ['faiss', 'index']]
const writeVectors = async (path: string, format: VectorFormat, data = values, names: readonly string[] = ids): Promise<string> => {
  const dim = data.length / names.length
  await writeVectorsAs(path, format, { rows: names.length, dim, ids: async (from, count) => names.slice(from, from + count), values: async (from, count) => data.subarray(from * dim, (from + count) * dim) })
  return path
}

describe('files of vectors', () => {
  test.each(formats)('%s cut short at any length: refused by name', async (format, extension) => {
    const path = await writeVectors(at(`cut.${extension}`), format)
    const { size } = statSync(path)
    for (const share of [0, 0.3, 0.7, 0.99]) {
      await writeVectors(path, format)
      truncateSync(path, Math.floor(size * share))
      const { state, error } = await run(readVectors(path))
      expect({ share, state, error }).toEqual({ share, state: 'failed', error: expect.stringContaining(`cut.${extension}`) as string })
      expect(error).toMatch(/^Read vectors \(step "read"\): /)
      expect(error).not.toMatch(/undefined|NaN\b.*NaN|\[object|at .*\.ts:/)
    }
  })

  test('a header that promises more than there is, an impossible shape, an archive whose arrays differ', async () => {
    const bytes = npyBytes(values, [4, 3])
    const lying = (shape: string): Uint8Array => Buffer.from(Buffer.from(bytes).toString('latin1').replace(/\(4, 3\), \}( *)/, (whole) => `(${shape}), }`.padEnd(whole.length)), 'latin1')
    write('lies.ids.csv', `${ids.join('\n')}\n`)
    for (const shape of ['400000000, 3', '4, 3000000', '-4, -3', '99999999999999999999, 3']) {
      const { state, error } = await run(readVectors(write('lies.npy', lying(shape))))
      expect({ shape, state, error }).toEqual({ shape, state: 'failed', error: expect.stringMatching(/lies\.npy/) as string })
    }
    write('lies.npz', zipSync({ 'embeddings.npy': bytes, 'ids.npy': npyBytes(['0.ppm'], [1]) }))
    expect((await run(readVectors(at('lies.npz')))).error).toMatch(/lies\.npz: "embeddings" has 4 rows and "ids" has 1/)
  })

  test('a file that is another kind of file, a folder, nothing, or not there', async () => {
    for (const name of ['text.npy', 'text.npz', 'text.h5', 'text.parquet', 'text.index']) {
      write(name, 'this is no table at all, only some text that somebody renamed\n')
      expect({ name, error: (await run(readVectors(at(name)))).error }).toEqual({ name, error: expect.stringContaining(name) as string })
    }
    write('empty.npy', '')
    expect((await run(readVectors(at('empty.npy')))).error).toMatch(/empty\.npy/)
    mkdirSync(at('folder.npy'), { recursive: true })
    expect((await run(readVectors(at('folder.npy')))).error).toMatch(/folder\.npy/)
    expect((await run(readVectors(at('nowhere.npy')))).error).toMatch(/nowhere\.npy/)
    expect((await run(readVectors('relative.npy'))).error).toMatch(/must be an absolute path, not relative\.npy/)
  })

  test('NaN, infinity and rows of another length are refused with their row', async () => {
    const bad = Float32Array.from(values)
    bad[7] = Number.NaN
    for (const [format, extension] of formats) {
      const path = await writeVectors(at(`nan.${extension}`), format, bad)
      expect((await run(readVectors(path))).error).toMatch(/row 2 \("2"\): value 2 of 3 is NaN. Vectors need finite numbers/)
    }
    write('ragged.csv', 'id,x,y\n0.ppm,1,2\n1.ppm,1,2,3\n')
    expect((await run(readVectors(at('ragged.csv')))).error).toMatch(/ragged\.csv, line 3: there are 4 fields where the first row has 3/)
    write('words.csv', 'id,x,y\n0.ppm,1,2\n1.ppm,one,2\n')
    expect((await run(readVectors(at('words.csv')))).error).toMatch(/words\.csv, line 3.*"?one"?/)
  })

  test('ids that stand twice or find no image: counted and named, refused where strict', async () => {
    const path = await writeVectors(at('twice.npz'), 'npz', values, ['0.ppm', '0', 'nobody.jpg', '1.ppm'])
    const found = await facts(await run(readVectors(path)))
    expect(found).toMatchObject({ vectors: 2, join: { ids: 4, matched: 3, missing: { count: 1, first: [{ id: 'nobody.jpg', place: 'row 2' }] }, duplicated: { count: 1, first: [{ place: 'row 1' }] } } })
    expect((await run(readVectors(path, { strict: 'rows' }))).error).toMatch(/twice\.npz: 3 of 4 ids found their image.*\(row 2: nobody\.jpg\).*Every id must find its image, once/)
    const none = await writeVectors(at('none.npz'), 'npz', values, ['q', 'w', 'e', 'r'])
    expect((await run(readVectors(none))).error).toMatch(/none\.npz: none of its 4 ids names an image of the project; the first \(row 0\) is "q"/)
  })

  test('vectors of one length searched in vectors of another: the step says both', async () => {
    const three = await writeVectors(at('three.npy.npz'), 'npz')
    const two = await writeVectors(at('two.npz'), 'npz', values.subarray(0, 8))
    const job = await run([
      images, { id: 'three', use: 'read-vectors', from: { images: 'all' }, with: { file: three } }, { id: 'two', use: 'read-vectors', from: { images: 'all' }, with: { file: two } },
      { id: 'lists', use: 'match', from: { queries: 'three', references: 'two' } }
    ])
    expect(job).toMatchObject({ state: 'failed', error: expect.stringMatching(/\(step "lists"\).*3.*2/) as string })
    for (const [use, from] of [['concat', { vectors: ['three', 'lacking'] }], ['average', { vectors: ['three', 'two'] }], ['subtract-negatives', { vectors: 'three', negatives: 'two' }], ['best-pairs', { queries: 'three', references: 'two' }], ['query-expansion', { queries: 'three', references: 'two' }]] as const) {
      const lacking = await writeVectors(at('lacking.npz'), 'npz', values.subarray(0, 6), ['0.ppm', '1.ppm'])
      const failed = await run([
        images, ...(['three', three, 'two', two, 'lacking', lacking].flatMap((id, i, all) => (i % 2 === 0 ? [{ id, use: 'read-vectors', from: { images: 'all' }, with: { file: all[i + 1] as string } }] : []))),
        { id: 'result', use, from: from as unknown as Record<string, string | string[]> }
      ])
      expect({ use, state: failed.state, error: failed.error }).toEqual({ use, state: 'failed', error: expect.stringMatching(/\(step "result"\): .{20,}/) as string })
      expect(failed.error).not.toMatch(/RangeError|TypeError|undefined|offset is out of bounds|Invalid typed array/)
    }
  })
})

describe('tables of text', () => {
  const plain = 'query_id,reference_id,score\na/0.ppm,b/1.ppm,0.5\na/2.ppm,b/3.ppm,0.25\n'
  test('a byte-order mark, CRLF, quotes, semicolons and a missing last line end change nothing', async () => {
    const expected = (await facts(await run(readPairs(write('plain.csv', plain)))))['join']
    expect(expected).toMatchObject({ matched: 4, missing: { count: 0 } })
    const variants = {
      'bom.csv': `\uFEFF${plain}`, 'crlf.csv': plain.replaceAll('\n', '\r\n'), 'both.csv': `\uFEFF${plain.replaceAll('\n', '\r\n')}`, 'quotes.csv': plain.replace(/[^,\n]+/g, (field) => `"${field}"`),
      'semicolons.csv': plain.replaceAll(',', ';'), 'tabs.csv': plain.replaceAll(',', '\t'), 'open.csv': plain.trimEnd(), 'blank.csv': plain.replaceAll('\n', '\n\n')
    }
    for (const [name, text] of Object.entries(variants)) {
      expect({ name, ...((await facts(await run(readPairs(write(name, text)))))['join'] as object) }).toEqual({ name, ...(expected as object), file: name })
    }
    for (const [name, text] of Object.entries(variants)) {
      const truth = await facts(await run(readTruth(write(`truth-${name}`, text.replace(/score|"score"/, 'grade').replaceAll(/0\.\d+/g, 'relevant')))))
      expect({ name, truth }).toMatchObject({ name, truth: { matched: 2, missingNames: 0 } })
    }
  })

  test.each([
    ['a quote that never ends', 'query_id,reference_id\n"a/0.ppm,b/1.ppm\n', /line 2/],
    ['a row too short', 'query_id,reference_id,score\na/0.ppm,b/1.ppm,1\na/2.ppm\n', /line 3/],
    ['text that is not UTF-8', Buffer.concat([Buffer.from('query_id,reference_id\n'), Buffer.from([0xff, 0xfe, 0xe9]), Buffer.from(',b/1.ppm\n')]), /line 2|UTF-8/],
    ['UTF-16', Buffer.from('\uFEFFquery_id,reference_id\na,b\n', 'utf16le'), /UTF-16|UTF-8/],
    ['zero bytes', 'query_id,reference_id\na/0.ppm,b/1.ppm\0\n', /line 2/],
    ['no file content', '', /empty/],
    ['unknown columns', 'apples,pears\n1,2\n', /apples/]
  ])('%s: pairs and truth are refused with the file, the line or the field', async (name, content, message) => {
    const file = write(`${name.replaceAll(' ', '-')}.csv`, content)
    for (const steps of [readPairs(file), readTruth(file)]) {
      const job = await run(steps)
      expect({ use: steps[1]?.use, state: job.state, error: job.error }).toEqual({ use: steps[1]?.use, state: 'failed', error: expect.stringMatching(message) as string })
      expect(job.error).toContain(`${name.replaceAll(' ', '-')}.csv`)
    }
  })

  test('only a header: no pairs, and a truth that says nothing is refused', async () => {
    const file = write('header.csv', 'query_id,reference_id\n')
    expect((await facts(await run(readPairs(file))))['join']).toMatchObject({ ids: 0, matched: 0 })
    expect((await run(readTruth(file))).error).toMatch(/header\.csv has a header and no rows/)
  })

  test('a truth about other images is refused: nothing measured against it would mean anything', async () => {
    const file = write('others.csv', 'query_id,reference_id\nQ00001,R000001\nQ00002,\n')
    expect((await run(readTruth(file))).error).toMatch(/others\.csv: none of its 2 rows names images of the sets given\. The first \(line 2\): .*"Q00001"/)
  })

  test('a score that is no number, labels without a class, scores that are not finite: line and field', async () => {
    expect((await run(readPairs(write('score.csv', 'query_id,reference_id,score\na/0.ppm,b/1.ppm,high\n')))).error).toMatch(/score\.csv, line 2.*high/)
    expect((await run(readPairs(write('infinite.csv', 'query_id,reference_id,score\na/0.ppm,b/1.ppm,NaN\n')))).error).toMatch(/infinite\.csv, line 2.*NaN/)
    expect((await run(readLabels(write('labels.csv', 'image,colour\n0.ppm,x\n')))).error).toMatch(/labels\.csv.*(image|colour)/)
    expect((await run(readTruth(write('flag.csv', 'image,clean\n0.ppm,perhaps\n')))).error).toMatch(/flag\.csv.*line 2.*perhaps/)
  })

  test('two million rows stay within bounded memory', { timeout: 400_000 }, async () => {
    const rows = 2_000_000
    const file = at('many.csv')
    const out = openSync(file, 'w')
    writeSync(out, '\uFEFFquery_id,reference_id,score\r\n')
    const each = 50_000
    for (let from = 0; from < rows; from += each) {
      let text = ''
      for (let i = from; i < from + each; i++) text += i % 100_000 === 0 ? `"a/0.ppm",b/1.ppm,${i}\r\n` : `Q${String(i % 5000).padStart(5, '0')},R${String(i % 60_000).padStart(6, '0')},0.${i}\r\n`
      writeSync(out, text)
    }
    closeSync(out)
    const before = process.memoryUsage().rss
    let most = before
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50)
    try {
      const join = (await facts(await run(readPairs(file))))['join']
      expect(join).toMatchObject({ ids: rows * 2, matched: 40, missing: { count: rows * 2 - 40, first: expect.any(Array) as unknown[] }, duplicated: { count: 19 } })
      // A mistake at the very end is told with its line, and what was read until then is not kept.
      appendFileSync(file, 'a/0.ppm,b/1.ppm,1,surplus\r\n')
      expect((await run(readPairs(file))).error).toMatch(new RegExp(`many\\.csv, line ${rows + 2}: there are 4 fields`))
    } finally {
      clearInterval(watch)
      rmSync(file)
    }
    // The file has 60 MB; held as objects its rows would take over a gigabyte.
    expect((most - before) / 2 ** 20).toBeLessThan(500)
  })
})

describe('recipes', () => {
  const good: Steps = [images, { id: 'labels', use: 'labels', from: { images: 'all' } }]
  test.each([
    ['an unknown step', [images, { id: 'x', use: 'lables', from: {} }], /steps\[1\]\.use: There is no step type "lables".*labels/],
    ['a name out of Object', [{ id: 'x', use: 'constructor' }], /steps\[0\]\.use: There is no step type "constructor"/],
    ['an unknown parameter', [{ ...images, with: { rolle: ['train'] } }], /steps\[0\]\.with: .*rolle/],
    ['a parameter of the wrong type', [images, { id: 'v', use: 'embed', from: { images: 'all' }, with: { model: 7 } }], /steps\[1\]\.with\.model: .*string/],
    ['a parameter out of range', [images, { id: 'v', use: 'embed', from: { images: 'all' } }, { id: 'm', use: 'match', from: { queries: 'v', references: 'v' }, with: { k: -3 } }], /steps\[2\]\.with\.k: /],
    ['a cycle', [{ id: 'x', use: 'labels', from: { images: 'y' } }, { id: 'y', use: 'labels', from: { images: 'x' } }], /steps\[0\]\.from\.images: There is no step "y" before this one/],
    ['a step that takes from itself', [{ id: 'x', use: 'labels', from: { images: 'x' } }], /steps\[0\]\.from\.images: There is no step "x" before this one/],
    ['two steps of one name', [images, images], /steps\[1\]\.id: There are two steps "all"/],
    ['an input that is missing', [{ id: 'x', use: 'crops' }], /steps\[0\]\.from: "images" is missing/],
    ['an input that the step does not have', [images, { id: 'x', use: 'labels', from: { images: 'all', more: 'all' } }], /steps\[1\]\.from\.more: .* takes no "more"/],
    ['an input of the wrong kind', [images, ...good.slice(1), { id: 'x', use: 'labels', from: { images: 'labels' } }], /steps\[2\]\.from\.images: "labels" gives labels; images/],
    ['an option that is not there', [{ ...images, with: { role: '$roles' } }], /steps\[0\]\.with\.role: There is no option "roles"/],
    ['each without such an option', [{ ...images, each: 'models' }], /steps\[0\]\.each: "each" names an option of type models/],
    ['when without such an option', [{ ...images, when: 'asked' }], /steps\[0\]\.when: There is no option "asked"/]
  ] as [string, Steps, RegExp][])('%s: named with its place, and no run is left behind', async (_name, steps, message) => {
    const runs = (await open.recipes.runs({})).length
    expect(await run(steps)).toMatchObject({ state: 'failed', error: expect.stringMatching(message) as string })
    expect((await open.recipes.runs({})).length).toBe(runs)
    const { recipe, problems } = await open.recipes.check({ text: JSON.stringify(recipeOf(steps)) })
    expect(recipe).not.toBeNull()
    expect(problems.map(({ at: place, message: text }) => `${place}: ${text}`).join('\n')).toMatch(message)
  })

  test.each([
    ['not JSON', '{\n  "format": "winnow-recipe-1",\n  "name": oops\n}', /^line 3$/, /not JSON/],
    ['cut short', JSON.stringify(recipeOf(good)).slice(0, 60), /^line 1$/, /not JSON/],
    ['a list', '[]', /^$/, /object/],
    ['a word', '"recipe"', /^$/, /object/],
    ['nothing', '', /.*/, /JSON/],
    ['another format', JSON.stringify({ ...(recipeOf(good) as object), format: 'winnow-recipe-9' }), /^format$/, /winnow-recipe-1/],
    ['a name with a slash', JSON.stringify({ ...(recipeOf(good) as object), name: '../../etc/passwd' }), /^name$/, /lower-case/],
    ['no steps', JSON.stringify(recipeOf([], 'x')), /^steps$/, /1/],
    ['a field that does not exist', JSON.stringify({ ...(recipeOf(good) as object), stepz: [] }), /^$/, /stepz/],
    ['shows what is not there', JSON.stringify(recipeOf(good, 'nothing')), /^shows\[0\]$/, /There is no step "nothing"/],
    ['far too long', `${' '.repeat(1_000_001)}{}`, /^$/, /too large/]
  ])('a recipe file that is %s', async (_name, text, place, message) => {
    const { problems } = await open.recipes.check({ text })
    expect(problems[0]?.at).toMatch(place)
    expect(problems[0]?.message).toMatch(message)
  })

  test('overrides and options that do not exist or do not fit', async () => {
    for (const [set, message] of [[{ 'nothing.k': 1 }, /"nothing\.k" names no step/], [{ labels: 1 }, /names no step/], [{ 'labels.k': 1 }, /steps\[1\]\.with: .*k/], [{ '__proto__.k': 1 }, /./]] as const) {
      expect(await run(good, { ...set })).toMatchObject({ state: 'failed', error: expect.stringMatching(message) as string })
    }
    const start = async (options: Record<string, string | number | boolean | string[]>): Promise<Job> => await open.jobs.done((await open.jobs.start({ kind: 'recipe', recipe: 'near-duplicates', options, set: {} })).id)
    expect((await start({ modell: 'basic' })).error).toMatch(/The recipe has no option "modell". It has model, truth/)
    expect((await start({ model: 7 })).error).toMatch(/options\.model: Model must be a string, not 7/)
    expect((await start({ model: 'resnet-9000' })).error).toMatch(/resnet-9000/)
    expect((await start({ truth: at('nowhere.csv') })).error).toMatch(/nowhere\.csv/)
    expect((await start({ truth: folder })).error).toMatch(/./)
    expect((await open.jobs.done((await open.jobs.start({ kind: 'recipe', recipe: 'pet-biometrics', options: {}, set: {} })).id)).error).toMatch(/options\.pairs: Pairs to compare must be given/)
    expect((await open.jobs.done((await open.jobs.start({ kind: 'recipe', recipe: 'no-such', options: {}, set: {} })).id)).error).toMatch(/There is no recipe "no-such". There are gldv2-clean/)
  })

  test('a set without the roles that a recipe needs says which', async () => {
    for (const name of ['isc21-descriptor', 'landmark-retrieval', 'train-test-leakage', 'new-against-old'] as const) {
      const job = await open.jobs.done((await open.jobs.start({ kind: 'recipe', recipe: name, options: {}, set: {} })).id)
      expect({ name, state: job.state, error: job.error }).toEqual({ name, state: 'failed', error: expect.stringMatching(/step "(queries|test|new)".*(query|test)/s) as string })
    }
  })
})

test('a model whose card says other inputs than its ONNX file has: refused when added, and when the card is changed later', async () => {
  const bytes = write('tiny.onnx', channelMeans)
  const card = cardFor(channelMeans)
  const add = async (changes: object): Promise<unknown> => await engine.models.add({ file: bytes, card: { ...card, ...changes } })
  await expect(add({ input: { ...card.input, name: 'pixels' } })).rejects.toThrow(/has no input "pixels"; it has "picture"/)
  await expect(add({ output: { ...card.output, dim: 7 } })).rejects.toThrow(/does not end in 7 values/)
  expect((await engine.models.list()).map(({ card: { id } }) => id)).not.toContain('tiny')
  await add({})
  const embed: Steps = [images, { id: 'vectors', use: 'embed', from: { images: 'all' }, with: { model: 'tiny' } }]
  const path = join(folder, 'home', 'models', 'tiny', 'card.json')
  const text = readFileSync(path, 'utf8')
  for (const [from, to, message] of [['"picture"', '"pixels"', /pixels|picture/], ['"dim": 3', '"dim": 9', /9/]] as const) {
    expect(text).toContain(from)
    writeFileSync(path, text.replace(from, to))
    const job = await run(embed)
    expect(job.state).toBe('failed')
    expect(job.error).toMatch(/tiny|Tiny/)
    expect(job.error).toMatch(message)
  }
  writeFileSync(path, text)
  expect(await run(embed)).toMatchObject({ state: 'done', failures: 0 })
})

test('a file that changes between two runs is read again; one that is gone says so and leaves the first run as it was', async () => {
  const file = write('changes.csv', 'query_id,reference_id,score\na/0.ppm,b/1.ppm,0.5\n')
  const first = await run(readPairs(file))
  expect((await facts(first))['join']).toMatchObject({ matched: 2 })
  write('changes.csv', 'query_id,reference_id,score\na/0.ppm,b/1.ppm,0.5\na/2.ppm,b/1.ppm,0.5\n')
  expect((await facts(await run(readPairs(file))))['join']).toMatchObject({ matched: 4 })
  rmSync(file)
  expect((await run(readPairs(file))).error).toMatch(/changes\.csv/)
  expect((await open.recipes.run({ runId: (first.data as { runId: number }).runId })).steps.every(({ result }) => result !== null)).toBe(true)
  expect(readFileSync(join(project, 'project.db')).length).toBeGreaterThan(0)
})
