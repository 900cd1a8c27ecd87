import { z } from 'zod'
import { counted } from '../../review/sentences.ts'
import { type Pairs, readPairsOrLists, writePairs } from '../kinds.ts'
import { defineStep, type EngineRun, type Fingerprint, type ParamsOf } from '../step.ts'

export const definition = defineStep({
  use: 'human-decisions',
  title: 'What people said',
  about: 'Takes out the pairs that a person refused and puts those that were accepted before all others. Decisions are made in Matches and Duplicates and are known by content: they hold for every run.',
  source: '',
  version: 1,
  params: z.object({
    keep: z.enum(['all', 'accepted']).default('all').describe('all: also pairs of which nobody has spoken. accepted: only those that a person accepted, and what minScore lets in.'),
    minScore: z.number().optional().describe('Of pairs of which nobody has spoken: the least score.'),
    variants: z.enum(['refuse', 'open', 'accept']).default('open').describe('What a person called a variant: taken out, treated as if nobody had spoken, or accepted.'),
    raise: z.boolean().default(true).describe('Accepted pairs get scores above all others, in their own order, so that any threshold takes them first. Otherwise scores and order stay.')
  }),
  inputs: { pairs: { kinds: ['pairs', 'lists'], about: 'what people have looked through' } },
  output: 'pairs',
  runsIn: 'engine',
  cheap: true
})
type Params = ParamsOf<typeof definition>

export const fingerprint: Fingerprint<typeof definition> = async ({ project }) => await project.read.vetoes.relationsHash()

type Fate = 'accepted' | 'refused' | 'open'

/** So many pairs are asked about and looked through between two breaths of the engine's loop. */
const pairsAtOnce = 20_000

export const run: EngineRun<typeof definition> = async ({ out, job, signal }, { pairs: artefact }, params) => {
  const pairs = await readPairsOrLists(artefact)
  const [accepted, open]: [number[], number[]] = [[], []]
  const all: number[] = []
  let refused = 0
  for (let from = 0; from < pairs.a.length; from += pairsAtOnce) {
    signal.throwIfAborted()
    const to = Math.min(pairs.a.length, from + pairsAtOnce)
    const said = await job.project.read.vetoes.relations(Array.from(pairs.a.subarray(from, to)), Array.from(pairs.b.subarray(from, to)))
    const values = new Map(said.map(({ a, b, value }) => [`${a} ${b}`, value]))
    for (let i = from; i < to; i++) {
      const fate = fateOf(values.size === 0 ? undefined : values.get(`${pairs.a[i]} ${pairs.b[i]}`), params)
      if (fate === 'refused') refused++
      else if (fate === 'accepted') {
        accepted.push(i)
        all.push(i)
      } else if (passes(pairs.scores[i] as number, params)) {
        open.push(i)
        all.push(i)
      }
    }
  }
  const kept = params.raise ? [...accepted, ...open] : all
  const scores = Float32Array.from(kept, (i) => pairs.scores[i] as number)
  if (params.raise) raise(scores, accepted.length)
  const take = (column: Int32Array): Int32Array => Int32Array.from(kept, (i) => column[i] as number)
  const result: Pairs = { a: take(pairs.a), aParts: take(pairs.aParts), b: take(pairs.b), bParts: take(pairs.bParts), scores }
  await writePairs(out, result, `${counted(accepted.length, 'accepted pair')}, ${counted(open.length, 'other')}; ${counted(refused, 'refused one')} taken out`, { accepted: accepted.length, open: open.length, refused })
}

function fateOf(value: 'same' | 'variant' | 'different' | undefined, { variants }: Params): Fate {
  if (value === 'same') return 'accepted'
  if (value === 'different') return 'refused'
  if (value === undefined || variants === 'open') return 'open'
  return variants === 'accept' ? 'accepted' : 'refused'
}

const passes = (score: number, { keep, minScore }: Params): boolean => (minScore === undefined ? keep === 'all' : score >= Math.fround(minScore))

/** Lifts the first `count` scores by one amount, so that the least of them lies above the rest. */
function raise(scores: Float32Array, count: number): void {
  if (count === 0 || count === scores.length) return
  const least = scores.subarray(0, count).reduce((min, score) => Math.min(min, score), Infinity)
  const most = scores.subarray(count).reduce((max, score) => Math.max(max, score), -Infinity)
  if (least > most) return
  // A hundredth of the range apart, so that float32 keeps them apart too.
  const lift = most - least + Math.max(1e-3, (most - least) / 100)
  for (let i = 0; i < count; i++) scores[i] = (scores[i] as number) + lift
}
