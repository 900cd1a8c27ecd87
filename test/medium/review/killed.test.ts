import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Project } from '../../../core/project/project.ts'
import { decodeChanges } from '../../../core/review/changeCodec.ts'
import { TurnStacks, type LogLine } from '../../../core/review/turns.ts'
import { addImages, addRoot, openDatabase, temporaryFolder } from './syntheticProject.ts'

const images = 2000
const entry = fileURLToPath(new URL('./deciding.process.ts', import.meta.url))

/** Runs the deciding process until it has confirmed `enough` acts, kills it with no warning, and gives the ids that it had confirmed. */
async function decideAndKill(folder: string, start: number, enough: number): Promise<number[]> {
  const child = spawn(process.execPath, [entry, folder, String(start), String(images)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const confirmed: number[] = []
  const ended = once(child, 'exit')
  createInterface({ input: child.stdout }).on('line', (line) => {
    confirmed.push(Number(line))
    if (confirmed.length === enough) child.kill('SIGKILL')
  })
  const [, signal] = (await ended) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
  return confirmed
}

test('kill -9 while deciding loses nothing that was confirmed, and the log and what follows from it agree', async () => {
  const folder = temporaryFolder()
  try {
    const project = await Project.create(join(folder.path, 'p'), 'p')
    const path = project.folder
    await project.close()
    const file = join(path, 'project.db')
    const seeding = openDatabase(file)
    addImages(seeding, addRoot(seeding, '/pictures'), Array.from({ length: images }, (_, i) => ({ path: `${i}.jpg` })))
    seeding.close()

    const confirmed: number[] = []
    // Killed at different moments: after a single decision, in the middle of a bulk act, after an undo.
    for (const [round, enough] of [10, 25, 7, 33, 12].entries()) confirmed.push(...(await decideAndKill(path, round * 1000, enough)))
    expect(confirmed.length).toBeGreaterThanOrEqual(87)

    const db = openDatabase(file)
    const lines = db.prepare<[], LogLine & { changes: Buffer | null }>('SELECT id, kind, turns, changes FROM act ORDER BY id').all()
    expect(lines.map(({ id }) => id)).toEqual(expect.arrayContaining(confirmed))
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')

    // Play the log again from nothing: it must give what the tables hold.
    const stacks = new TurnStacks()
    for (const line of lines) stacks.add(line)
    const verdicts = new Map<number, unknown[]>()
    const changes = new Map(lines.flatMap(({ id, changes }) => (changes ? [[id, decodeChanges(changes)] as const] : [])))
    for (const id of stacks.undo) {
      for (const table of changes.get(id) ?? []) {
        for (let row = 0; row < table.rows; row++) {
          const [value, reason] = table.afterAt(row)
          if (value === null) verdicts.delete(table.keyAt(row) as number)
          else verdicts.set(table.keyAt(row) as number, [value, reason, id])
        }
      }
    }
    const stored = db.prepare('SELECT image_id, value, reason, act_id FROM verdict ORDER BY image_id').raw().all() as [number, ...unknown[]][]
    expect(stored).toEqual([...verdicts].toSorted(([a], [b]) => a - b).map(([image, record]) => [image, ...record]))
    db.close()

    // The next engine goes on from there: everything that stands can be undone, back to the beginning.
    const again = await Project.open(path)
    for (let left = stacks.undo.length; left > 0; left--) expect((await again.write.decisions.undo('me', 0)).actId).not.toBeNull()
    expect(await again.write.decisions.undo('me', 0)).toMatchObject({ actId: null, summary: 'There is nothing to undo.' })
    await again.close()
    const after = openDatabase(file)
    expect(after.prepare('SELECT COUNT(*) FROM verdict').pluck().get()).toBe(0)
    after.close()
  } finally {
    folder.remove()
  }
})
