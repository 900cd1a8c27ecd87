import { expect, test } from 'vitest'
import { templateViews } from '../../core/descriptors/crops.ts'
import type { PartView } from '../../core/descriptors/partView.ts'
import { golden } from './golden.ts'

type Place = 'orig' | `rot${number}` | [number, number, number, number]
interface Golden {
  readonly cases: Readonly<Record<string, readonly (readonly [file: string, place: Place, quality: number])[]>>
}

/** A view as the original's recording says it: PIL's transpose constants 2, 3, 4 are quarter turns counter-clockwise. */
const placeOf = ({ box, turn }: PartView): Place =>
  box ? [box.left, box.top, box.left + box.width, box.top + box.height] : turn > 0 ? `rot${turn + 1}` : 'orig'

const { cases } = golden<Golden>('visionforce_crop_boxes')

for (const [name, rows] of Object.entries(cases)) {
  test(`${name}: each crop has the pixels of the original's`, () => {
    const [, script = '', width = '', height = ''] = /^(\S+) size=(\d+)x(\d+)$/.exec(name) ?? []
    const views = templateViews(script.startsWith('reference/') ? 'reference' : 'query', Number(width), Number(height))
    const byPart = new Map(views.map((view) => [view.part, view]))
    // Suffixes of references count the parts of the template; those of queries are the parts' ids.
    const partOf = script.startsWith('reference/') ? templateViews('reference', 600, 600).map(({ part }) => part) : null
    expect(rows.length).toBeGreaterThan(0)
    for (const [file, place] of rows) {
      const suffix = Number(/_(\d+)\./.exec(file)?.[1])
      const view = byPart.get(partOf ? (partOf[suffix] ?? -1) : suffix)
      // Of an image of a few pixels the original cuts crops without any pixel, which it then cannot save. We leave them out.
      const empty = typeof place !== 'string' && (place[0] >= place[2] || place[1] >= place[3])
      expect(view && placeOf(view), file).toEqual(empty ? undefined : place)
    }
  })
}
