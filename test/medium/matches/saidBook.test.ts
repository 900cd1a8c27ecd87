import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import { pairOfKey } from '../../../core/matches/pairKey.ts'
import { SaidBook } from '../../../core/matches/saidBook.ts'
import { openForReading } from '../../../core/project/connection.ts'
import { VetoReads } from '../../../core/project/repositories/vetoes.ts'
import { addImages, addRoot, openDatabase, temporaryFolder } from '../review/syntheticProject.ts'

const folder = temporaryFolder()
const engine = new Engine({ home: join(folder.path, 'home'), program: 'test', visionWorkers: 1 })
let open: OpenProject
let ids: number[]
let file: string

beforeAll(async () => {
  open = await engine.createProject(join(folder.path, 'p'), 'p')
  file = join(open.project.folder, 'project.db')
  const db = openDatabase(file)
  // The last five are copies of the first five.
  ids = addImages(db, addRoot(db, '/pictures', false), Array.from({ length: 65 }, (_, i) => ({ path: `${i}.jpg`, content: `${i % 60}.jpg` })))
  db.close()
})
afterAll(async () => {
  await engine.close()
  folder.remove()
})

/** What was said of every two images, asked pair by pair. */
function asked(vetoes: VetoReads): string[] {
  const all = ids.flatMap((a, i) => ids.slice(i + 1).map((b) => [a, b] as const))
  return vetoes.relations(all.map(([a]) => a), all.map(([, b]) => b)).map(({ a, b, value }) => `${a} ${b} ${value}`).toSorted()
}
const held = (book: SaidBook): string[] => Array.from(book.now, ([key, value]) => `${pairOfKey(key).join(' ')} ${value}`).toSorted()

test('the book says what asking pair by pair says, after few and after many decisions, and when they are taken back', async () => {
  const db = openForReading(file)
  const vetoes = new VetoReads(db)
  const book = new SaidBook(vetoes)
  const agrees = (): number => {
    book.stale(false)
    const found = held(book)
    expect(found).toEqual(asked(vetoes))
    return found.length
  }
  expect(agrees()).toBe(0)
  await open.decisions.apply({ kind: 'relation', images: [ids[0]!, ids[7]!], value: 'same' })
  // Image 60 has the content of image 0.
  expect(agrees()).toBe(2)
  await open.decisions.apply({ kind: 'relation', images: [ids[0]!, ids[60]!], value: 'same' })
  expect(agrees()).toBe(3)
  await open.decisions.apply({ kind: 'relation', images: ids.slice(0, 40), value: 'different' })
  expect(agrees()).toBeGreaterThan(780)
  await open.decisions.apply({ kind: 'relation', images: [ids[0]!, ids[7]!], value: 'variant' })
  agrees()
  for (let i = 0; i < 4; i++) {
    await open.decisions.undo()
    agrees()
  }
  expect(held(book)).toEqual([])
  db.close()
})
