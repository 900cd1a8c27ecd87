import { fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { type Spent, spent } from './spent.ts'

/**
 * Runs a stage over all items in as many processes as the product uses (one per core), each with its share, and says what it took.
 * Processes are warm before the clock starts.
 */
export async function stageSpent<Task>(entry: URL, task: Task, items: readonly unknown[]): Promise<Spent> {
  const workers = availableParallelism()
  const children = Array.from({ length: workers }, () => fork(entry, { serialization: 'advanced', execArgv: [] }))
  await Promise.all(children.map(async (child, w) => {
    child.send({ task, items: items.filter((_, i) => i % workers === w) })
    await once(child, 'message')
  }))
  const found = await spent(() => Promise.all(children.map(async (child) => {
    child.send('go')
    await once(child, 'message')
  })))
  for (const child of children) child.kill()
  return found
}

/** The other side: `prepare` gets the task and the items, warms up and returns what is timed. */
export function serveStage<Task, Item>(prepare: (task: Task, items: readonly Item[]) => Promise<() => Promise<void>>): void {
  let run: (() => Promise<void>) | null = null
  process.on('message', (message) => {
    void (async () => {
      if (message === 'go') await run?.()
      else {
        const { task, items } = message as { task: Task; items: Item[] }
        run = await prepare(task, items)
      }
      process.send?.('done')
    })()
  })
}
