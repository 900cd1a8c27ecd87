import { join } from 'node:path'
import type { MatchEvidence } from '../contract/matches.ts'
import { NpyRows } from '../formats/npyRows.ts'
import { pointsOfPair } from '../verify/pairPoints.ts'

/** The evidence that a run stored of a pair with inliers, row `row` of its verified pairs. Throws as pointsOfPair does. */
export async function storedEvidence(folder: string, row: number, a: number, b: number): Promise<MatchEvidence> {
  const [{ matrix, points }, inliers, matches, ratio, mirrored] = await Promise.all([
    pointsOfPair(folder, row), valueAt(folder, 'inliers', row), valueAt(folder, 'matches', row), valueAt(folder, 'ratio', row), valueAt(folder, 'mirrored', row)
  ])
  return {
    a, b, inliers, matches, ratio, matrix: matrix ? [...matrix] : null, mirrored: mirrored === 1, problem: null, reason: null,
    points: Array.from({ length: points.length / 4 }, (_, i) => [points[4 * i] as number, points[4 * i + 1] as number, points[4 * i + 2] as number, points[4 * i + 3] as number, 1]),
    from: 'stored'
  }
}

async function valueAt(folder: string, column: string, row: number): Promise<number> {
  const file = await NpyRows.open(join(folder, `${column}.npy`))
  try {
    return (await file.read(row, 1))[0] as number
  } finally {
    await file.close()
  }
}
