import type { ProductBlock } from '../../../core/search/blas.ts'
import { Random } from '../../../core/sample/random.ts'

/** Training pictures a class, as is usual with Caltech-101 (Fei-Fei, Fergus and Perona, 2004). */
export const trainingImages = 15
/** At most, so that large classes do not outweigh the others. */
const testImages = 5
/** Over how many draws of training and test pictures the accuracy is averaged. */
export const splits = 5

/** Photo numbers. */
export interface Split {
  readonly training: Int32Array
  readonly test: Int32Array
}

/** Photo numbers of every class that has more pictures than are trained with. */
export function usableClasses(classNames: readonly (string | null)[]): number[][] {
  const classes = new Map<string, number[]>()
  for (const [i, name] of classNames.entries()) {
    if (name === null) continue
    const members = classes.get(name)
    if (members) members.push(i)
    else classes.set(name, [i])
  }
  return [...classes.values()].filter((members) => members.length > trainingImages)
}

export function drawSplit(classes: readonly (readonly number[])[], seed: number): Split {
  const shuffled = classes.map((members, c) => Random.of('nearest neighbour', seed, c).shuffle(members))
  return {
    training: Int32Array.from(shuffled.flatMap((members) => members.slice(0, trainingImages))),
    test: Int32Array.from(shuffled.flatMap((members) => members.slice(trainingImages, trainingImages + testImages)))
  }
}

/** 1-nearest-neighbour classification. Fed with the blocks of test x training pictures, in any order. */
export class NearestNeighbour {
  readonly #testClass: Int32Array
  readonly #trainingClass: Int32Array
  readonly #same: Float32Array
  readonly #other: Float32Array

  /** The class of every test picture and of every training picture. */
  constructor(testClass: Int32Array, trainingClass: Int32Array) {
    this.#testClass = testClass
    this.#trainingClass = trainingClass
    this.#same = new Float32Array(testClass.length).fill(-Infinity)
    this.#other = new Float32Array(testClass.length).fill(-Infinity)
  }

  add({ values, fromA, rows, fromB, columns }: ProductBlock): void {
    for (let i = 0, at = 0; i < rows; i++) {
      const query = fromA + i
      for (let j = 0; j < columns; j++, at++) {
        const best = this.#trainingClass[fromB + j] === this.#testClass[query] ? this.#same : this.#other
        if ((values[at] as number) > (best[query] as number)) best[query] = values[at] as number
      }
    }
  }

  /** The share of test pictures whose nearest training picture is of their class; as near to a picture of another class counts as wrong. */
  accuracy(): number {
    let right = 0
    for (let query = 0; query < this.#same.length; query++) if ((this.#same[query] as number) > (this.#other[query] as number)) right++
    return right / this.#same.length
  }
}
