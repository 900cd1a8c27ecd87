import { EmptyState } from '../../components/EmptyState.tsx'
import { Room } from '../../components/Room.tsx'

/** Recipes. */
export function RecipesRoom() {
  return <Room><EmptyState title="Recipes">Nothing here yet.</EmptyState></Room>
}
