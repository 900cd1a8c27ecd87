import { create } from 'zustand'

export const rooms = ['start', 'library', 'duplicates', 'matches', 'labels', 'clean', 'recipes', 'export', 'models', 'settings'] as const
export type RoomId = (typeof rooms)[number]

const fromHash = (): RoomId => {
  const name = location.hash.replace(/^#\/?/, '').split('?')[0]
  return rooms.find((room) => room === name) ?? 'start'
}

export const useRoute = create<{ readonly room: RoomId }>()(() => ({ room: fromHash() }))
window.addEventListener('hashchange', () => useRoute.setState({ room: fromHash() }))

/** Goes to a room; the address keeps it, so that Back and a reload work. */
export function go(room: RoomId): void {
  if (useRoute.getState().room === room) return
  location.hash = `/${room}`
}
