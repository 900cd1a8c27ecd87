import { classKey } from '../domain/className.ts'
import type { Match } from '../project/repositories/imageMatch.ts'
import { GrowingInt32 } from '../search/growingList.ts'
import { IdJoin, remembering, type JoinReport, type Strictness } from './idJoin.ts'
import { openLabelTable, type LabelTableOptions } from './labelTable.ts'
import { shorten } from './table.ts'

export interface ReadLabelsRequest extends LabelTableOptions {
  readonly file: string
  readonly strict: Strictness
}

export interface JoinedLabels {
  /** In the order of the file; an image may have several labels, each once. */
  readonly images: Int32Array
  readonly labels: Int32Array
  readonly scores: Float32Array
  /** Id and name of each label: the project's own ids where it has the class. */
  readonly names: readonly (readonly [number, string])[]
  readonly report: JoinReport
  readonly layout: string
}

/**
 * Reads a file of labels and finds its images. `classes`: ids of the project's classes by their key (classKey); other labels get ids after
 * `lastClass`. Throws what openLabelTable and IdJoin throw.
 */
export async function readLabelFile({ file, strict, ...options }: ReadLabelsRequest, { match, images, classes, lastClass, report, signal }: {
  match: (id: string) => Match; images: Int32Array; classes: ReadonlyMap<string, number>; lastClass: number; report?: (rows: number) => void; signal?: AbortSignal
}): Promise<JoinedLabels> {
  const table = await openLabelTable(file, options)
  try {
    const idJoin = new IdJoin(table.name)
    const imageOf = remembering(match)
    const ids = new Map<string, number>()
    const names: (readonly [number, string])[] = []
    const found = { images: new GrowingInt32(), labels: new GrowingInt32(), scores: [] as number[] }
    const seen = new Set<string>()
    let next = lastClass
    for await (const block of table.blocks(signal)) {
      block.ids.forEach((id, i) => {
        const image = idJoin.find(id, () => block.place(i), imageOf)
        if (image === null) return
        const key = classKey(block.labels[i] as string)
        let label = ids.get(key)
        if (label === undefined) {
          label = classes.get(key) ?? ++next
          ids.set(key, label)
          names.push([label, (block.labels[i] as string).trim()])
        }
        const pair = `${image} ${label}`
        if (seen.has(pair)) {
          idJoin.duplicate(shorten(id), () => block.place(i), 'The image has this label already.')
          return
        }
        seen.add(pair)
        found.images.push(image)
        found.labels.push(label)
        found.scores.push(block.scores[i] as number)
      })
      report?.(found.images.length)
    }
    return {
      images: found.images.view().slice(), labels: found.labels.view().slice(), scores: Float32Array.from(found.scores), names,
      report: idJoin.report(strict, images.length - new Set(found.images.view()).size), layout: table.layout
    }
  } finally {
    await table.close()
  }
}
