/** `pr - pl > SMALL_QUICKSORT`: ranges of up to 16 elements. */
const smallQuicksort = 15

/**
 * `numpy.ones(count).argsort()[::-1]`: the order in which code that sorts equal scores visits them. NumPy's default argsort is an introsort
 * (median of three, the smaller side first, insertion sort up to 16 elements; npysort/quicksort, without the vector extensions of later versions)
 * and moves equal keys about; which way depends on their number alone. Up to 16 elements nothing moves, so the order is that of the input from its end.
 */
export function reversedArgsortOfEqualKeys(count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i)
  const swap = (a: number, b: number): void => {
    const held = order[a] as number
    order[a] = order[b] as number
    order[b] = held
  }
  const waiting: [number, number][] = [[0, count - 1]]
  for (let range = waiting.pop(); range; range = waiting.pop()) {
    let [left, right] = range
    while (right - left > smallQuicksort) {
      swap(left + ((right - left) >> 1), right - 1)
      let up = left + 1
      let down = right - 2
      // No key is less than the pivot: both sides stop at every element and change places.
      for (; up < down; up++, down--) swap(up, down)
      swap(up, right - 1)
      if (up - left < right - up) {
        waiting.push([up + 1, right])
        right = up - 1
      } else {
        waiting.push([left, up - 1])
        left = up + 1
      }
    }
  }
  return order.toReversed()
}
