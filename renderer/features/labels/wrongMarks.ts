/** The contact sheet: everything is right unless it is marked wrong. */

/** `marks` with this image marked or unmarked. */
export function toggleMark(marks: ReadonlySet<number>, image: number): Set<number> {
  const next = new Set(marks)
  if (!next.delete(image)) next.add(image)
  return next
}

/** The marks without those on this sheet. */
export function withoutMarks(marks: ReadonlySet<number>, ids: Iterable<number>): Set<number> {
  const left = new Set(marks)
  for (const id of ids) left.delete(id)
  return left
}

/** What a step over the sheet accepts: the ids that are not marked, in the sheet's order. */
export function unmarked(ids: Iterable<number>, marks: ReadonlySet<number>): number[] {
  const out: number[] = []
  for (const id of ids) if (!marks.has(id)) out.push(id)
  return out
}
