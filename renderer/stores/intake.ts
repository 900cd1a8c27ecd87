import { create } from 'zustand'

/** A folder on its way in: into a new project, or into the one that is open. */
interface IntakeState {
  readonly open: boolean
  /** null: to be chosen. */
  readonly path: string | null
  readonly into: 'new' | 'current'
}

export const useIntake = create<IntakeState>()(() => ({ open: false, path: null, into: 'new' }))

export const openNewProject = (path: string | null = null): void => useIntake.setState({ open: true, path, into: 'new' })
/** Into the project that is open. */
export const openAddFolder = (path: string | null = null): void => useIntake.setState({ open: true, path, into: 'current' })
export const closeIntake = (): void => useIntake.setState({ open: false, path: null })
