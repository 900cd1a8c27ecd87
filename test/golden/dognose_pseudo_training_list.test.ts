import { expect, test } from 'vitest'
import { pairList } from '../../core/pseudo/pairLabels.ts'
import { golden } from './golden.ts'

interface Case {
  readonly pseudo_training_list: {
    readonly train_rows: [number, string][]
    readonly pseudo_csv_rows_in_file_order_first3_last3: [string, string, number][]
    readonly n_pseudo_rows: number
    readonly n_images: number
    readonly first_pseudo: [number, string][]
    readonly last: [number, string][]
    readonly distinct_pseudo_classes: number
  }
}

test('the dog-nose training list: the first rows of the sorted pairs, each a class of its own with its two images, after the training classes', () => {
  const { train_rows: train, pseudo_csv_rows_in_file_order_first3_last3: known, n_pseudo_rows: n, ...expected } = golden<Case>('dognose').pseudo_training_list
  const first = expected.first_pseudo[0]?.[0] ?? 0
  const best = expected.distinct_pseudo_classes
  // The golden records the ends of the file and the last pair that was taken; rows between them only have to fall in score.
  const head = known.slice(0, known.length / 2)
  const tail = known.slice(known.length / 2)
  const lastTaken = expected.last.map(([, image]) => image)
  const [from, to] = [head.at(-1)?.[2] ?? 1, tail[0]?.[2] ?? 0]
  const rows = Array.from({ length: n }, (_, i): [string, string, number] => {
    // Head and tail overlap where the file is short.
    const end = head[i] ?? tail[i - (n - tail.length)]
    if (end) return end
    const score = from + ((to - from) * (i - head.length + 1)) / (n - known.length + 1)
    return i === best - 1 ? [lastTaken[0] ?? '', lastTaken[1] ?? '', score] : [`between-${i}-a`, `between-${i}-b`, score]
  })
  const names = [...new Set(rows.flatMap(([a, b]) => [a, b]))]
  const place = (name: string): number => names.indexOf(name)
  const { images, classes, classCount } = pairList({
    queries: Int32Array.from(rows, ([a]) => place(a)),
    references: Int32Array.from(rows, ([, b]) => place(b)),
    scores: Float64Array.from(rows, ([, , score]) => score)
  }, names.length, { best })
  const list = [...images].map((image, i) => [first + (classes[i] ?? 0), names[image]])
  expect(train.length + list.length).toBe(expected.n_images)
  expect(list.slice(0, expected.first_pseudo.length)).toEqual(expected.first_pseudo)
  expect(list.slice(-expected.last.length)).toEqual(expected.last)
  expect(classCount).toBe(expected.distinct_pseudo_classes)
})
