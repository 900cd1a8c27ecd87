import { desktop } from './desktop.ts'
import type { RoomId } from './route.ts'

export const roomTitles: Record<RoomId, string> = {
  start: 'Projects', library: 'Library', duplicates: 'Duplicates', labels: 'Labels', export: 'Export', models: 'Models', settings: 'Settings'
}

/** A browser keeps Ctrl and a digit for its own tabs and does not let a page have them. */
const withDigit = (digit: number): string => (desktop ? `Mod+${digit}` : `Mod+Shift+${digit}`)

/** Rooms sit on Ctrl (in a browser Ctrl+Shift) and a digit; digits alone pick candidates and keepers. */
export const roomKeys: Record<RoomId, string> = {
  start: 'Mod+O', library: withDigit(1), duplicates: withDigit(2), labels: withDigit(3), export: withDigit(4), models: withDigit(5), settings: withDigit(6)
}
