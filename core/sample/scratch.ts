/**
 * Arrays of megabytes that a scene needs for a moment, kept for the next one: made anew for each, they would be most of what the garbage collector does
 * and the system would have to clear every page again. What was in them stays in them.
 */
const kept: Float32Array<ArrayBuffer>[] = []
const mostKept = 12

export function borrow(length: number): Float32Array<ArrayBuffer> {
  const found = kept.findIndex((array) => array.length === length)
  return found < 0 ? new Float32Array(length) : (kept.splice(found, 1)[0] as Float32Array<ArrayBuffer>)
}

export function giveBack(...arrays: Float32Array<ArrayBuffer>[]): void {
  kept.push(...arrays)
  if (kept.length > mostKept) kept.splice(0, kept.length - mostKept)
}
