/** The most references that any one query has to pass over. */
export function mostExcluded(queries: ArrayLike<number>, references: ArrayLike<number>): number {
  const counts = new Map<number, number>()
  for (let i = 0; i < queries.length; i++) counts.set(queries[i] as number, 0)
  let most = 0
  for (let i = 0; i < references.length; i++) {
    const count = counts.get(references[i] as number)
    if (count === undefined) continue
    counts.set(references[i] as number, count + 1)
    most = Math.max(most, count + 1)
  }
  return most
}
