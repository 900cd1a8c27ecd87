import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWinnowError } from '../../../core/domain/errors.ts'
import { DecisionReads, DecisionWrites } from '../../../core/project/repositories/decisions.ts'
import type { ResolvedAct } from '../../../core/review/resolvedAct.ts'
import { DecisionModel, type Fixture, type State } from './decisionModel.ts'
import { addImages, addRoot, openDatabase, sha256, temporaryFolder } from './syntheticProject.ts'

const imageCount = 8
const runId = 1

function seed(db: Database): Fixture {
  const root = addRoot(db, '/pictures')
  const images = Array.from({ length: imageCount }, (_, i) => ({ path: `${i + 1}.jpg`, content: i === 7 ? 'content 0' : `content ${i}` }))
  const ids = addImages(db, root, images)
  for (const name of ['ant', 'bee', 'cat']) db.prepare('INSERT INTO class (name, created_at) VALUES (?, 0)').run(name)
  db.prepare("INSERT INTO run (id, kind, params, started_at, finished_at) VALUES (?, 'knn', '{}', 0, 0)").run(runId)
  const predictions = new Map([[1, { classId: 1, score: 0.9 }], [2, { classId: 2, score: 0.5 }], [3, { classId: 3, score: 0.75 }], [8, { classId: 1, score: 0.25 }]])
  for (const [image, { classId, score }] of predictions) db.prepare('INSERT INTO prediction (run_id, image_id, rank, class_id, score) VALUES (?, ?, 0, ?, ?)').run(runId, image, classId, score)
  return { contentOf: new Map(ids.map((id, i) => [id, images[i]!.content])), pathOf: new Map(ids.map((id, i) => [id, images[i]!.path])), predictions, runId }
}

function stateOf(db: Database, { contentOf }: Fixture): State {
  const rows = (sql: string): unknown[][] => db.prepare(sql).raw().all() as unknown[][]
  const byId = (sql: string): Map<number, unknown[]> => new Map(rows(sql).map(([id, ...values]) => [id as number, values]))
  const contentOfHash = new Map([...contentOf.values()].map((content) => [sha256(content).toString('hex'), content]))
  return {
    verdict: byId('SELECT image_id, value, reason, keeper_id, similarity, act_id FROM verdict ORDER BY image_id'),
    label: byId('SELECT image_id, state, class_id, source, run_id, score, act_id FROM label ORDER BY image_id'),
    pin: byId('SELECT image_id, 1, act_id FROM pin ORDER BY image_id'),
    relation: new Map(rows('SELECT hash_a, hash_b, value, act_id FROM relation').map(([a, b, ...values]) => {
      expect(Buffer.compare(a as Buffer, b as Buffer)).toBeLessThan(1)
      return [[a, b].map((hash) => contentOfHash.get((hash as Buffer).toString('hex')) ?? '?').toSorted().join(), values]
    })),
    image: new Map(rows('SELECT id, role, protected, identity, fold FROM image ORDER BY id').map(([id, role, protect, identity, fold]) => [id as number, { role, protect, identity, fold }])),
    classes: new Map(rows('SELECT id, name, merged_into FROM class WHERE removed = 0 ORDER BY id').map(([id, name, mergedInto]) => [id as number, { name: name as string, mergedInto: mergedInto as number | null }]))
  }
}
const sorted = (state: State): unknown => Object.fromEntries(Object.entries(state).map(([facet, map]) => [facet, [...(map as Map<unknown, unknown>)].toSorted((a, b) => String(a[0]).localeCompare(String(b[0])))]))

// Ids 9 and 10 never exist: listed by name they are an error, in a view they are passed over.
const image = fc.integer({ min: 1, max: imageCount })
const ids = fc.array(fc.oneof({ weight: 20, arbitrary: image }, { weight: 1, arbitrary: fc.integer({ min: 9, max: 10 }) }), { minLength: 1, maxLength: 6 }).map((list) => Int32Array.from(list))
const chosen = fc.record({ ids, named: fc.boolean() })
const classId = fc.integer({ min: 1, max: 6 })
const name = fc.constantFrom('ant', 'Bee', 'dog', 'eel', 'fox')
const groups = fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 2 }).chain((images) => fc.integer({ min: 2, max: images.length }).map((cut) => {
  const parts = [images.slice(0, cut), images.slice(cut)].filter((part) => part.length > 0)
  const members = parts.flatMap((part) => part.slice(1))
  const starts = parts.reduce<number[]>((list, part) => [...list, list.at(-1)! + part.length - 1], [0])
  return {
    keepers: Int32Array.from(parts, (part) => part[0]!), reasons: parts.map((_, g) => `reason ${g}`), starts: Int32Array.from(starts), members: Int32Array.from(members),
    kinds: new Uint8Array(members.length).fill(3), similarities: Float32Array.from(members, (id) => 0.9 + id / 1000), distances: new Float32Array(members.length).fill(NaN)
  }
}))
const act: fc.Arbitrary<ResolvedAct> = fc.oneof(
  fc.record({ kind: fc.constant('verdict' as const), chosen, value: fc.constantFrom('keep', 'drop', 'unsure', null), reason: fc.constantFrom(null, 'blurry') }),
  fc.record({ kind: fc.constant('clean' as const), drops: ids, keeps: ids, reason: fc.constantFrom('clean v=30 f=3', 'clean v=20 f=1 (mutual ranks)') }),
  fc.record({ kind: fc.constant('label' as const), chosen, state: fc.constantFrom('class', 'none', 'unsure', 'clear'), classId, runId: fc.constantFrom(null, runId) }),
  fc.record({ kind: fc.constant('accept-predictions' as const), chosen, runId: fc.constant(runId), minScore: fc.constantFrom(null, 0.5, 0.8) }),
  fc.record({ kind: fc.constant('accept-groups' as const), groups, all: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('keep-groups' as const, 'drop-groups' as const, 'clear-groups' as const), ids, groups: fc.constant(1) }),
  fc.record({ kind: fc.constant('relation' as const), images: fc.uniqueArray(image, { minLength: 2, maxLength: 4 }).map((list) => Int32Array.from(list)), others: fc.constant(null), value: fc.constantFrom('different', 'variant', null) }),
  fc.uniqueArray(image, { minLength: 2, maxLength: 6 }).map((list) => ({ kind: 'accept-matches' as const, a: Int32Array.from(list.slice(1)), b: Int32Array.from(list.slice(0, -1)) })),
  fc.uniqueArray(image, { minLength: 2, maxLength: 5 }).map((list) => ({ kind: 'break-group' as const, images: Int32Array.from(list.slice(0, 1)), others: Int32Array.from(list.slice(1)), value: 'different' as const })),
  fc.record({ kind: fc.constant('pin-keeper' as const), imageId: image, pinned: fc.boolean(), others: ids }),
  fc.record({ kind: fc.constant('role' as const), chosen, value: fc.constantFrom('train', 'test', null) }),
  fc.record({ kind: fc.constant('protect' as const), chosen, value: fc.constantFrom(true, false, null) }),
  fc.record({ kind: fc.constant('identity' as const), chosen, value: fc.constantFrom('cat 1', 'cat 2', null) }),
  fc.record({ kind: fc.constant('fold' as const), chosen, value: fc.constantFrom(0, 4, null) }),
  fc.record({ kind: fc.constant('class-add' as const), name }),
  fc.record({ kind: fc.constant('class-rename' as const), classId, name }),
  fc.record({ kind: fc.constant('class-merge' as const), classId, into: classId })
)
type Step = { readonly step: 'act'; readonly act: ResolvedAct } | { readonly step: 'undo' | 'redo' | 'restart' } | { readonly step: 'remove'; readonly id: number }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: act.map((one) => ({ step: 'act' as const, act: one })) },
  { weight: 6, arbitrary: fc.constant({ step: 'undo' as const }) },
  { weight: 4, arbitrary: fc.constant({ step: 'redo' as const }) },
  { weight: 1, arbitrary: fc.constant({ step: 'restart' as const }) },
  { weight: 1, arbitrary: image.map((id) => ({ step: 'remove' as const, id })) }
)

describe('the log of decisions', () => {
  test('any sequence of acts, undos, redos, restarts and removed images leaves what a naive memory says', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const folder = temporaryFolder()
        const file = join(folder.path, 'project.db')
        let db = openDatabase(file)
        try {
          const fixture = seed(db)
          const model = new DecisionModel(stateOf(db, fixture), fixture)
          let decisions = new DecisionWrites(db)
          for (const one of steps) {
            if (one.step === 'restart') {
              db.close()
              db = openDatabase(file)
              decisions = new DecisionWrites(db)
            } else if (one.step === 'remove') {
              db.prepare('DELETE FROM image WHERE id = ?').run(one.id)
              model.remove(one.id)
            } else if (one.step !== 'act') {
              expect(decisions[one.step]('me', 1).actId !== null).toBe(model[one.step]())
            } else {
              const next = (db.prepare("SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'act'), 0) + 1").pluck().get() as number)
              const nextClass = db.prepare('SELECT MAX(id) + 1 FROM class').pluck().get() as number
              let outcome: boolean | 'refused'
              try {
                outcome = decisions.apply(one.act, 'me', 1).actId !== null
              } catch (error) {
                if (!isWinnowError(error)) throw error
                outcome = 'refused'
              }
              expect({ act: one.act, outcome }).toEqual({ act: one.act, outcome: model.apply(one.act, next, nextClass) })
            }
            expect(sorted(stateOf(db, fixture))).toEqual(sorted(model.state))
          }
          // The stacks that a new engine derives are those of the old one.
          const standing = new DecisionReads(db).log(null, 1000).filter((entry) => entry.turns === null && entry.stands)
          expect(standing).toHaveLength(model.past.length)
        } finally {
          db.close()
          folder.remove()
        }
      }),
      { numRuns: 150 }
    )
  })
})
