import type { GenerateSpec } from '../contract/generator.ts'
import { Random } from '../sample/random.ts'
import { drawCompanion, needs, type PlannedFile, type SetPlan } from './plan.ts'

const padded = (letter: string, digits: number, number: number): string => `${letter}${String(number).padStart(digits, '0')}`

/**
 * A copy-detection set laid out as ISC21: queries/Q00000.jpg, references/R000000.jpg, training/T000000.jpg. Most queries are edited copies of a reference, each
 * reference being copied once before one is copied twice; the others (distractors) are edited copies of pictures that are in no other part. Training
 * pictures are in no other part either. What is laid over a picture, or under it, is never a reference where anything else is there.
 */
export function planCopies(spec: GenerateSpec, order: readonly number[]): SetPlan {
  const distractors = Math.round(spec.count * spec.distractors)
  const copies = spec.count - distractors
  const kept = copies > 0 ? (spec.references ?? 1) : (spec.references ?? 0)
  const least = kept + spec.training + (distractors > 0 ? 1 : 0)
  if (least > order.length) throw needs(`${kept.toLocaleString('en')} references, ${spec.training.toLocaleString('en')} training images and distractors`, least, order.length)
  const training = order.slice(0, spec.training)
  const room = order.length - spec.training - kept
  // Where references are not counted, a third at most is kept out for distractors.
  const away = distractors === 0 ? 0 : Math.min(distractors, room, spec.references === undefined ? Math.max(1, Math.floor((order.length - spec.training) / 3)) : room)
  const outside = order.slice(spec.training, spec.training + away)
  const rest = order.slice(spec.training + away)
  const references = spec.references === undefined ? rest : rest.slice(0, spec.references)
  const unused = rest.slice(references.length)
  const pool = [training, outside, unused].some((part) => part.length > 1) ? [...training, ...outside, ...unused] : order

  const plain = { companion: null, index: null, chain: null, label: null, trueLabel: null, copyOf: null }
  const files: PlannedFile[] = [
    ...references.map((source, i): PlannedFile => ({ ...plain, file: `references/${padded('R', 6, i)}.jpg`, role: 'reference', source })),
    ...training.map((source, i): PlannedFile => ({ ...plain, file: `training/${padded('T', 6, i)}.jpg`, role: 'training', source }))
  ]
  const chain = { kind: 'copy', strength: spec.strength, only: spec.only ?? null } as const
  // Which queries are distractors must not show in their names.
  const names = Random.of('names', spec.seed).shuffle(Array.from({ length: spec.count }, (_, i) => i))
  const copyOrder = Random.of('copied', spec.seed).shuffle(references.map((_, i) => i))
  const queries = names.map((name, i): PlannedFile => {
    const isCopy = i < copies
    const number = isCopy ? i : i - copies
    const among = isCopy ? references.length : outside.length
    const reference = isCopy ? (copyOrder[number % among] as number) : null
    const source = (reference === null ? outside[number % among] : references[reference]) as number
    const index = Math.floor(number / among)
    return {
      file: `queries/${padded('Q', 5, name)}.jpg`, role: isCopy ? 'query' : 'distractor', source, index, chain,
      companion: drawCompanion(Random.of('companion', spec.seed, i), pool, source), label: null, trueLabel: null, copyOf: reference
    }
  })
  return { files: [...files, ...queries.sort((a, b) => (a.file < b.file ? -1 : 1))], pairs: [] }
}
