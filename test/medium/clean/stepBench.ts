import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Artefact, ArtefactWriter } from '../../../core/recipes/artefact.ts'
import { stepModule } from '../../../core/recipes/catalogue.ts'
import { writeLabels, writeLists, writePairColumns, writeVectors } from '../../../core/recipes/kinds.ts'
import type { Blas } from '../../../core/search/blas.ts'
import { PlainBlas } from '../../support/plainBlas.ts'

/** Artefacts in a folder and process steps run over them, without a project. */
export class StepBench {
  readonly notes: string[] = []
  readonly #folder: string
  #made = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  async make(fill: (out: ArtefactWriter) => Promise<void>): Promise<Artefact> {
    const out = await ArtefactWriter.begin(join(this.#folder, String(this.#made++)))
    await fill(out)
    return await Artefact.open(out.folder)
  }

  async vectors(images: readonly number[], rows: readonly (readonly number[])[]): Promise<Artefact> {
    const dim = rows[0]?.length ?? 1
    return await this.make((out) => writeVectors(out, { matrix: { rows: rows.length, dim, data: Float32Array.from(rows.flat()) }, images: Int32Array.from(images), parts: new Int32Array(images.length) }, { models: ['test'], summary: '' }))
  }

  async labels(rows: readonly (readonly [image: number, label: number])[], facts: Record<string, unknown> = {}): Promise<Artefact> {
    return await this.make((out) => writeLabels(out, { images: Int32Array.from(rows, ([image]) => image), labels: Int32Array.from(rows, ([, label]) => label), scores: new Float32Array(rows.length).fill(1) }, '', facts))
  }

  async pairs(rows: readonly (readonly [a: number, b: number, score: number, inliers?: number])[]): Promise<Artefact> {
    return await this.make(async (out) => {
      await writePairColumns(out, {
        a: Int32Array.from(rows, ([a]) => a), b: Int32Array.from(rows, ([, b]) => b), aParts: new Int32Array(rows.length), bParts: new Int32Array(rows.length), scores: Float32Array.from(rows, ([, , score]) => score)
      })
      if (rows.some((row) => row.length === 4)) await out.column('inliers', Int32Array.from(rows, ([, , , inliers = 0]) => inliers))
      await out.finish('pairs', '')
    })
  }

  async lists(rows: readonly (readonly [query: number, ranked: readonly (readonly [image: number, score: number])[]])[]): Promise<Artefact> {
    const k = Math.max(1, ...rows.map(([, ranked]) => ranked.length))
    const entry = (i: number): readonly [number, number] => rows[Math.floor(i / k)]?.[1][i % k] ?? [-1, 0]
    const length = rows.length * k
    return await this.make((out) => writeLists(out, {
      queries: Int32Array.from(rows, ([query]) => query), queryParts: new Int32Array(rows.length), k,
      references: Int32Array.from({ length }, (_, i) => entry(i)[0]), referenceParts: new Int32Array(length), scores: Float32Array.from({ length }, (_, i) => entry(i)[1])
    }, ''))
  }

  /** Runs a step type as the step process does: params through its schema, a scratch folder of its own unless one is given. */
  async run(use: string, inputs: Record<string, Artefact>, params: Record<string, unknown> = {}, { blas = new PlainBlas(), scratch, signal = new AbortController().signal }: { blas?: Blas; scratch?: string; signal?: AbortSignal } = {}): Promise<Artefact> {
    const { definition, run } = await stepModule(use)
    const kept = scratch ?? join(this.#folder, `scratch-${this.#made}`)
    mkdirSync(kept, { recursive: true })
    return await this.make(async (out) => {
      const context = { signal, report: () => undefined, note: (text: string) => void this.notes.push(text), out, scratch: kept, blas: async () => blas }
      await run(context as never, inputs as never, definition.params.strict().parse(params) as never)
    })
  }
}
