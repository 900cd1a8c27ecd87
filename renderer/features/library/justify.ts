/** Narrower and wider pictures than these are cut to them, so that one panorama does not squeeze its row. */
const least = 0.6
const most = 2.2

/**
 * Widths (px) of the pictures of one row of a given height, filling `width`: each is cut a little at its sides.
 * A row that is not full keeps its natural widths, unless they do not fit.
 */
export function justify(aspects: readonly number[], { width, height, gap, full }: { width: number; height: number; gap: number; full: boolean }): number[] {
  const natural = aspects.map((aspect) => Math.min(most, Math.max(least, aspect)) * height)
  const sum = natural.reduce((total, one) => total + one, 0)
  const room = width - gap * (aspects.length - 1)
  const scale = room / sum
  if (!full && scale > 1) return natural
  return natural.map((one) => one * scale)
}

/** How many pictures of an ordinary shape stand in a row. */
export const columnsFor = (width: number, height: number, gap: number, shape: 'justified' | 'square'): number =>
  Math.max(1, shape === 'square' ? Math.floor((width + gap) / (height + gap)) : Math.round((width + gap) / (height * 1.3 + gap)))
