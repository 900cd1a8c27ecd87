/**
 * Places of the values that pass, highest first, equal ones in the order in which they stand; as many as are asked for.
 * A generator that sorts only what is needed: of millions of pairs the best few hundred are wanted.
 */
export function* highestFirst(values: ArrayLike<number>, passes: (place: number) => boolean): Generator<number, void, undefined> {
  let length = 0
  let places = new Uint32Array(Math.min(values.length, 1024))
  for (let place = 0; place < values.length; place++) {
    if (!passes(place)) continue
    if (length === places.length) {
      const more = new Uint32Array(Math.min(values.length, length * 2))
      more.set(places)
      places = more
    }
    places[length++] = place
  }
  places = places.subarray(0, length)
  // Without a comparator, typed arrays sort natively: that gives the value at which each portion ends.
  const sorted = Float64Array.from(places, (place) => values[place] as number).sort()
  let above = NaN
  for (let done = 0, portion = 4096; done < length; portion *= 4) {
    const least = sorted[Math.max(0, length - done - portion)] as number
    const some = places.filter((place) => (values[place] as number) >= least && !((values[place] as number) >= above))
    some.sort((a, b) => (values[b] as number) - (values[a] as number) || a - b)
    yield* some
    done += some.length
    above = least
  }
}
