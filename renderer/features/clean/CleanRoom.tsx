import { EmptyState } from '../../components/EmptyState.tsx'
import { Room } from '../../components/Room.tsx'

/** Clean. */
export function CleanRoom() {
  return <Room><EmptyState title="Clean">Nothing here yet.</EmptyState></Room>
}
