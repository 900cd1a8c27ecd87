import { isAbsolute, relative } from 'node:path'
import type { ImageRow } from '../contract/images.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Session } from './session.ts'
import { count } from './words.ts'

const page = 500

/**
 * Images as people name them on a command line: by id, by path below a root (`cats/a.jpg`, or any end of it that only one image has), or by absolute path.
 * A file whose name is a number is meant by `./123`. Throws NOT_FOUND for the first that is not there, BAD_INPUT for one that could be several.
 */
export async function findImages(session: Session, names: readonly string[]): Promise<number[]> {
  const found: number[] = []
  for (const name of names) found.push(/^\d+$/.test(name) ? Number(name) : await byPath(session, name))
  const numbers = names.flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
  for (let at = 0; at < numbers.length; at += page) {
    const asked = numbers.slice(at, at + page)
    const rows = await session.client.images.rows({ ids: asked })
    const known = new Set(rows.map((row) => row.id))
    const missing = asked.find((id) => !known.has(id))
    if (missing !== undefined) throw new WinnowError('NOT_FOUND', `There is no image ${missing} in this project.`)
  }
  return [...new Set(found)]
}

async function byPath(session: Session, name: string): Promise<number> {
  const { path, rootId } = await belowRoot(session, name)
  const { viewId } = await session.client.images.view({ filter: { text: path, ...(rootId === null ? {} : { rootId: [rootId] }) } })
  const ids = await session.ids(viewId)
  const ending: ImageRow[] = []
  const exact: ImageRow[] = []
  for (let at = 0; at < ids.length; at += page) {
    for (const row of await session.client.images.rows({ ids: [...ids.subarray(at, at + page)] })) {
      if (row.path === path) exact.push(row)
      else if (row.path.endsWith(`/${path}`)) ending.push(row)
    }
  }
  const matches = exact.length > 0 ? exact : ending
  const [only] = matches
  if (!only) throw new WinnowError('NOT_FOUND', `There is no image ${name} in this project. Name it by its id or its path below the root.`)
  if (matches.length > 1) {
    const some = matches.slice(0, 5).map((row) => `${row.id} (${row.path})`).join(', ')
    throw new WinnowError('BAD_INPUT', `${name} could be ${count(matches.length)} images: ${some}${matches.length > 5 ? ', …' : ''}. Name it by its id.`)
  }
  return only.id
}

async function belowRoot({ client }: Session, name: string): Promise<{ path: string; rootId: number | null }> {
  if (!isAbsolute(name)) return { path: name.replace(/^\.[/\\]/, '').replaceAll('\\', '/'), rootId: null }
  for (const root of await client.roots.list()) {
    const below = relative(root.path, name)
    if (below !== '' && !below.startsWith('..') && !isAbsolute(below)) return { path: below.replaceAll('\\', '/'), rootId: root.id }
  }
  throw new WinnowError('NOT_FOUND', `${name} lies in none of this project's folders.`)
}
