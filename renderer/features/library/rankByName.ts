/** Those whose name fits what was typed, the best fit first: starts with it, a word starts with it, contains it, contains its letters in order. */
export function rankByName<T extends { readonly name: string }>(list: readonly T[], typed: string): T[] {
  const wanted = typed.toLowerCase()
  if (wanted === '') return [...list]
  return list
    .map((item) => ({ item, rank: rankOf(item.name.toLowerCase(), wanted) }))
    .filter(({ rank }) => rank < 4)
    .toSorted((a, b) => a.rank - b.rank || a.item.name.length - b.item.name.length || a.item.name.localeCompare(b.item.name))
    .map(({ item }) => item)
}

function rankOf(name: string, wanted: string): number {
  if (name.startsWith(wanted)) return 0
  if (name.split(/[\s_\-./]+/).some((word) => word.startsWith(wanted))) return 1
  if (name.includes(wanted)) return 2
  let at = 0
  for (const letter of name) if (letter === wanted[at]) at++
  return at === wanted.length ? 3 : 4
}
