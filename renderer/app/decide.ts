/** Sends a decision to the engine and keeps every screen in step with it. */
import type { Act, ActResult } from '../../core/contract/decisions.ts'
import type { ImageRow } from '../../core/contract/images.ts'
import { client } from './client.ts'
import { showError, showDone } from './notify.tsx'
import { queries, queryClient } from './queries.ts'
import { patchRows, refreshRows } from './rows.ts'

export interface DecideOptions {
  /** Images whose rows show the outcome at once, before the engine has confirmed it. */
  readonly optimistic?: { readonly ids: Iterable<number>; readonly patch: (row: ImageRow) => ImageRow }
  /** Say what was done in a toast with Undo: for acts on many images. */
  readonly announce?: boolean
}

/** Acts go out one after the other, in the order of the key presses, so that undo takes back the last one. Acts of another service queue up here too. */
let last: Promise<unknown> = Promise.resolve()

export function inOrder<T>(work: () => Promise<T>): Promise<T> {
  const before = last
  const result = (async () => {
    await before
    return await work()
  })()
  last = result.catch(() => null)
  return result
}

/** Resolves to null where the engine refused; the reason has been shown then. */
export async function decide(act: Act, { optimistic, announce = false }: DecideOptions = {}): Promise<ActResult | null> {
  const settle = optimistic ? patchRows(optimistic.ids, optimistic.patch) : null
  try {
    const done = await inOrder(() => client.decisions.apply(act))
    if (announce) showDone(done.summary, { label: 'Undo', run: () => void undo() })
    return done
  } catch (error) {
    showError(error, 'That decision was not saved.')
    return null
  } finally {
    settle?.()
  }
}

async function turn(which: 'undo' | 'redo'): Promise<ActResult | null> {
  try {
    const result = await inOrder(() => client.decisions[which]())
    showDone(result.summary)
    refreshRows()
    for (const listener of turned) listener(result)
    void queryClient.invalidateQueries({ queryKey: queries.project.queryKey })
    return result
  } catch (error) {
    showError(error, `Could not ${which}.`)
    return null
  }
}

const turned = new Set<(result: ActResult) => void>()
/** Hears what an undo or redo changed, so that a screen goes back to it. Returns the way to stop. */
export function onTurned(listener: (result: ActResult) => void): () => void {
  turned.add(listener)
  return () => turned.delete(listener)
}

export const undo = (): Promise<ActResult | null> => turn('undo')
export const redo = (): Promise<ActResult | null> => turn('redo')
