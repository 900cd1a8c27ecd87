import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelCard } from '../../core/contract/models.ts'
import type { Engine } from '../../core/engine.ts'
import { benchProject } from './benchProject.ts'
import type { EmbeddingStage } from './embedding.stage.ts'
import { judge } from './judge.ts'
import { median } from './machine.ts'
import type { BenchOptions } from './main.ts'
import { stageSpent } from './parallel.ts'
import { photosIn } from './photos.ts'
import type { BenchResult } from './result.ts'
import { type Spent, spent } from './spent.ts'

const rounds = 3
const entry = new URL('./embedding.stage.ts', import.meta.url)

async function addMobilenet(engine: Engine, file: string): Promise<string> {
  const { draft } = await engine.models.inspect({ file })
  const card: ModelCard = { ...draft, id: 'mobilenet-v2', name: 'MobileNet v2', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], licence: 'Apache-2.0', source: 'google-coral/test_data' }
  return (await engine.models.add({ file, card })).card.id
}

/** Embedding end to end (read, decode, infer, append, commit), of the rate that two stages on the same cores allow: 1 / (1/decode + 1/inference). */
export async function benchEmbedding({ images, shared }: BenchOptions): Promise<BenchResult[]> {
  const photos = photosIn(images)
  const project = await benchProject(images)
  const { engine, open } = project
  await project.run({ kind: 'scan' })
  const mobilenet = join(shared, 'models', 'mobilenet-v2-1280.onnx')
  const { viewId } = await open.images.view({ filter: { state: ['ready'] }, sort: 'path' })
  const ids = [...open.views.get(viewId)]
  const modelIds = ['winnow-s', 'basic', ...(existsSync(mobilenet) ? [await addMobilenet(engine, mobilenet)] : [])]
  const results: BenchResult[] = []
  for (const modelId of modelIds) {
    const { card, file } = await engine.models.resolve(modelId)
    const task = (stage: EmbeddingStage['stage']): EmbeddingStage => ({ stage, model: { card, file, providers: ['cpu'] } })
    const found: { decode: Spent; infer: Spent; product: Spent }[] = []
    for (let round = 0; round < rounds; round++) {
      found.push({
        decode: await stageSpent(entry, task('decode'), photos),
        infer: await stageSpent(entry, task('infer'), photos),
        product: await spent(() => project.run({ kind: 'embed', modelId, providers: ['cpu'], ids }))
      })
    }
    const perSecond = (part: 'decode' | 'infer' | 'product'): number => photos.length / median(found.map((round) => round[part].wall))
    results.push({
      bench: 'embedding',
      what: `${modelId}, end to end, of what decode and inference on the same cores allow`,
      ...judge(found.map(({ product, decode, infer }) => ({ product, parts: [decode, infer] }))),
      target: { atLeast: 0.85 },
      unit: 'x',
      figures: { images: photos.length, 'images/s': perSecond('product'), 'decode images/s': perSecond('decode'), 'inference images/s': perSecond('infer') }
    })
  }
  await project.close()
  return results
}
