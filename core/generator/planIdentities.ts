import type { GenerateSpec } from '../contract/generator.ts'
import { WinnowError } from '../domain/errors.ts'
import { Random } from '../sample/random.ts'
import { needs, opaqueId, type PlannedFile, type PlannedPair, type SetPlan } from './plan.ts'

const pairsPerIdentity = 10

/**
 * A verification set as in the pet-biometrics challenge: images/ID.jpg with several views of each individual, a few individuals given with their labels for
 * training, and pairs of the others to judge, half of them of one individual.
 */
export function planIdentities(spec: GenerateSpec, order: readonly number[]): SetPlan {
  if (spec.count > order.length) throw needs(`${spec.count.toLocaleString('en')} individuals`, spec.count, order.length)
  const given = Math.min(spec.count, Math.round(spec.count * spec.labelled))
  if (spec.count - given < 2) throw new WinnowError('BAD_INPUT', `Pairs are made of at least 2 individuals without labels; of ${spec.count}, ${given} are labelled. Ask for more individuals, or for a smaller share of labelled ones.`)
  const chain = { kind: 'identity', strength: spec.strength, only: spec.only ?? null } as const
  const files = order
    .slice(0, spec.count)
    .flatMap((source, place) =>
      Array.from({ length: spec.views }, (_, view): PlannedFile => ({
        file: `images/${opaqueId(spec.seed, source, view)}.jpg`, role: 'view', source, companion: null, index: view, chain,
        label: place < given ? String(place + 1) : null, trueLabel: String(place + 1), copyOf: null
      }))
    )
    .sort((a, b) => (a.file < b.file ? -1 : 1))
  return { files, pairs: drawPairs(spec, files, spec.count - given) }
}

function drawPairs(spec: GenerateSpec, files: readonly PlannedFile[], identities: number): PlannedPair[] {
  const members = new Map<string, number[]>()
  for (const [place, { label, trueLabel }] of files.entries()) {
    if (label === null && trueLabel !== null) members.set(trueLabel, [...(members.get(trueLabel) ?? []), place])
  }
  const groups = [...members.values()]
  const random = Random.of('pairs', spec.seed)
  const wanted = spec.pairs ?? identities * pairsPerIdentity
  const possible = groups.reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0)
  // Random draws find new pairs easily only while most are unused.
  const same = Math.min(Math.ceil(wanted / 2), Math.max(1, Math.floor(possible / 2)))
  const pairs = new Map<string, PlannedPair>()
  const add = (a: number, b: number, isSame: boolean): boolean => {
    const key = `${Math.min(a, b)}-${Math.max(a, b)}`
    if (pairs.has(key)) return false
    pairs.set(key, { a, b, same: isSame })
    return true
  }
  for (let made = 0; made < same; ) {
    const [a = 0, b = 0] = random.shuffle(random.pick(groups))
    if (add(a, b, true)) made++
  }
  const different = Math.min(Math.floor(wanted / 2), Math.max(1, Math.floor((identities * (identities - 1) * spec.views ** 2) / 4)))
  for (let made = 0; made < different; ) {
    const one = random.int(0, groups.length - 1)
    const other = (one + random.int(1, groups.length - 1)) % groups.length
    if (add(random.pick(groups[one] as number[]), random.pick(groups[other] as number[]), false)) made++
  }
  return random.shuffle([...pairs.values()])
}
