import { create } from 'zustand'

/** The small windows of the shell: at most one of them is open. */
export type Overlay = 'keys' | 'jobs' | 'label' | 'goto' | 'open-project'

interface OverlayState {
  readonly open: Overlay | null
  /** Which job the tray shows opened. */
  readonly jobId: number | null
  show(overlay: Overlay, jobId?: number): void
  hide(): void
}

export const useOverlays = create<OverlayState>()((set) => ({
  open: null,
  jobId: null,
  show: (open, jobId) => set({ open, jobId: jobId ?? null }),
  hide: () => set({ open: null, jobId: null })
}))

/** Opens the jobs tray, at a certain job where one is named. */
export const showJobs = (jobId?: number): void => useOverlays.getState().show('jobs', jobId)
