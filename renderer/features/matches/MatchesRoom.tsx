import { EmptyState } from '../../components/EmptyState.tsx'
import { Room } from '../../components/Room.tsx'

/** Matches. */
export function MatchesRoom() {
  return <Room><EmptyState title="Matches">Nothing here yet.</EmptyState></Room>
}
