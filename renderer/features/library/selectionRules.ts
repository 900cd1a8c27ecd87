/** Which images are selected: some by id, or everything that the list shows. Pure rules, as in a file manager. */
export type Selected = { readonly kind: 'some'; readonly ids: ReadonlySet<number> } | { readonly kind: 'all' }

export const nothing: Selected = { kind: 'some', ids: new Set() }

export const isSelected = (selected: Selected, id: number): boolean => selected.kind === 'all' || selected.ids.has(id)
export const selectedCount = (selected: Selected, all: number): number => (selected.kind === 'all' ? all : selected.ids.size)

/** Ctrl+click, Space: in or out. Taking one out of "all" turns it into a list. */
export function toggle(selected: Selected, id: number, all: ArrayLike<number>): Selected {
  const ids = new Set(selected.kind === 'all' ? Array.from(all) : selected.ids)
  if (!ids.delete(id)) ids.add(id)
  return { kind: 'some', ids }
}

/** Shift+click, Shift+arrow: everything from the anchor to here, both included, and nothing else. */
export function range(all: Int32Array, anchor: number, to: number): Selected {
  const [from, until] = anchor <= to ? [anchor, to] : [to, anchor]
  return { kind: 'some', ids: new Set(all.subarray(from, until + 1)) }
}
