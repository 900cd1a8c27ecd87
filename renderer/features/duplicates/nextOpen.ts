/**
 * The place to go after a decision at `from`: the next group that is still open, below first, then from the top; when all are decided, the next one
 * below, or the same place at the end.
 */
export function nextOpen(order: readonly number[], from: number, isOpen: (group: number) => boolean): number {
  for (let step = 1; step < order.length; step++) {
    const at = (from + step) % order.length
    if (isOpen(order[at]!)) return at
  }
  return Math.max(0, Math.min(order.length - 1, from + 1))
}
