import { create } from 'zustand'
import { go, useRoute } from '../app/route.ts'

/** A folder on its way in: into a new project, or into the one that is open. */
interface IntakeState {
  readonly open: boolean
  /** null: to be chosen. */
  readonly path: string | null
  readonly into: 'new' | 'current'
}

export const useIntake = create<IntakeState>()(() => ({ open: false, path: null, into: 'new' }))

function open(path: string | null, into: IntakeState['into']): void {
  useIntake.setState({ open: true, path, into })
  go('start')
}

export const openNewProject = (path: string | null = null): void => open(path, 'new')
/** Into the project that is open. */
export const openAddFolder = (path: string | null = null): void => open(path, 'current')
export const closeIntake = (): void => useIntake.setState({ open: false, path: null })

// Whoever goes to another room has left the page.
useRoute.subscribe(({ room }) => {
  if (room !== 'start') closeIntake()
})
