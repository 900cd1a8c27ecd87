import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { recipe } from '../../../core/contract/recipes.ts'
import { jobRequest } from '../../../core/contract/jobs.ts'
import { rootSpec } from '../../../core/contract/project.ts'
import { Engine } from '../../../core/engine.ts'
import { ppm } from '../../support/pictures.ts'

/** A recipe with a constant of another model in it, whose filter and measure are quick. */
export const findCopies = recipe.parse({
  format: 'winnow-recipe-1', name: 'find-copies', title: 'Find copies', about: 'Which queries are copies of a reference?',
  options: { model: { title: 'Model', type: 'model', default: 'default' }, truth: { title: 'Ground truth', type: 'file' } },
  steps: [
    { id: 'queries', use: 'select', title: 'Queries', with: { role: ['query'] } },
    { id: 'references', use: 'select', title: 'References', with: { role: ['reference'] } },
    { id: 'truth', use: 'truth', from: { queries: 'queries', references: 'references' }, with: { file: '$truth' }, when: 'truth' },
    { id: 'query-vectors', use: 'embed', title: 'Embed queries', from: { images: 'queries' }, with: { model: '$model' } },
    { id: 'reference-vectors', use: 'embed', title: 'Embed references', from: { images: 'references' }, with: { model: '$model' } },
    { id: 'lists', use: 'match', title: 'Match', from: { queries: 'query-vectors', references: 'reference-vectors' }, with: { k: 4 } },
    { id: 'sure', use: 'filter-pairs', title: 'Sure pairs', from: { pairs: 'lists' }, with: { minScore: 0.2 }, foundWith: { minScore: 'another-model' } },
    { id: 'result', use: 'metric', title: 'Measure', from: { truth: 'truth', result: 'sure' } }
  ],
  shows: ['sure', 'result']
})

/** A project of drawn queries, most of them smaller prints of a reference, with the truth of it and the recipe `findCopies`; no engine holds it any more. */
export async function copiesProject(place: string, { count }: { count: number }): Promise<{ folder: string; truth: string }> {
  const truth = join(place, 'truth.csv')
  const rows = ['query_id,reference_id']
  for (const name of ['queries', 'references']) mkdirSync(join(place, name), { recursive: true })
  for (let i = 0; i < count; i++) {
    writeFileSync(join(place, 'references', `R${i}.ppm`), ppm(i))
    // Every fourth query is a copy of nothing.
    const isCopy = i % 4 !== 3
    writeFileSync(join(place, 'queries', `Q${i}.ppm`), isCopy ? ppm(i, 44, 37) : ppm(i + 500, 44, 37))
    rows.push(`Q${i},${isCopy ? `R${i}` : ''}`)
  }
  writeFileSync(truth, `${rows.join('\n')}\n`)
  const folder = join(place, 'copies.winnow')
  const engine = new Engine({ home: join(place, 'maker'), program: 'test', visionWorkers: 1 })
  try {
    const { jobs, roots, recipes } = await engine.createProject(folder, 'Copies')
    await roots.add(rootSpec.parse({ path: join(place, 'queries'), role: 'query' }))
    await roots.add(rootSpec.parse({ path: join(place, 'references'), role: 'reference' }))
    await jobs.done((await jobs.start(jobRequest.parse({ kind: 'scan' }))).id)
    await recipes.save({ recipe: findCopies })
  } finally {
    await engine.close()
  }
  return { folder, truth }
}
