import { join } from 'node:path'
import type { SeenPart } from '../contract/matches.ts'
import { partViewOf } from '../descriptors/partView.ts'
import { NpyRows } from '../formats/npyRows.ts'

/** So many rows are looked through at once, instead of a read for each halving. */
const leaf = 2048
const mostKnown = 20_000

/**
 * Boxes of parts, read from the `parts` artefacts of a run where they lie: a run over a million images has tens of millions of them.
 * Rows are sorted by image, then part.
 */
export class PartBoxes {
  readonly #folders: readonly string[]
  readonly #known = new Map<string, SeenPart['box']>()

  constructor(folders: readonly string[]) {
    this.#folders = folders
  }

  async seen(image: number, part: number): Promise<SeenPart> {
    if (part === 0) return seenAs(part, null)
    const key = `${image}/${part}`
    let box = this.#known.get(key)
    if (box === undefined) {
      box = await this.#find(image, part)
      if (this.#known.size > mostKnown) this.#known.clear()
      this.#known.set(key, box)
    }
    return seenAs(part, box)
  }

  async #find(image: number, part: number): Promise<SeenPart['box']> {
    for (const folder of this.#folders) {
      const row = await rowOf(folder, image, part)
      if (row < 0) continue
      const [left, top, width, height] = await reading(join(folder, 'box.npy'), (file) => file.read(row, 1)) as unknown as [number, number, number, number]
      return width > 0 ? { left, top, width, height } : null
    }
    return null
  }
}

function seenAs(part: number, box: SeenPart['box']): SeenPart {
  const { turn, flip, degrade } = partViewOf(part, box)
  return { part, box, turn, mirrored: flip, small: degrade !== null }
}

async function rowOf(folder: string, image: number, part: number): Promise<number> {
  return await reading(join(folder, 'image.npy'), async (images) => await reading(join(folder, 'part.npy'), async (parts) => {
    let [low, high] = [0, images.rows]
    while (high - low > leaf) {
      const middle = (low + high) >> 1
      const [at, atPart] = [(await images.read(middle, 1))[0] as number, (await parts.read(middle, 1))[0] as number]
      if (at < image || (at === image && atPart <= part)) low = middle
      else high = middle
    }
    const [some, someParts] = [await images.read(low, high - low), await parts.read(low, high - low)]
    for (let i = 0; i < some.length; i++) if (some[i] === image && someParts[i] === part) return low + i
    return -1
  }))
}

async function reading<T>(path: string, work: (file: NpyRows) => Promise<T>): Promise<T> {
  const file = await NpyRows.open(path)
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}
