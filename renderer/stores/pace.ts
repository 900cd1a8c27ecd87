import { useEffect } from 'react'
import { create } from 'zustand'

interface PaceState {
  /** How many things the current screen still wants decided; null where it has no queue. */
  readonly left: number | null
  readonly noun: string
}

export const usePaceStore = create<PaceState>()(() => ({ left: null, noun: 'left' }))

/** Tells the status bar what is left on this screen; it adds decisions per minute and the accept rate itself. */
export function usePace(left: number | null, noun = 'left'): void {
  useEffect(() => {
    usePaceStore.setState({ left, noun })
    return () => usePaceStore.setState({ left: null })
  }, [left, noun])
}
