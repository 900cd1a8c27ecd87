import { desktop } from './desktop.ts'
import type { RoomId } from './route.ts'

export const roomTitles: Record<RoomId, string> = {
  start: 'Projects', library: 'Library', duplicates: 'Duplicates', matches: 'Matches', labels: 'Labels', clean: 'Clean', recipes: 'Recipes', export: 'Export', models: 'Models',
  settings: 'Settings'
}

/** A browser keeps Ctrl and a digit for its own tabs and does not let a page have them. */
const withDigit = (digit: number): string => (desktop ? `Mod+${digit}` : `Mod+Shift+${digit}`)

/** Rooms sit on Ctrl (in a browser Ctrl+Shift) and a digit; digits alone pick candidates and keepers. */
export const roomKeys: Record<RoomId, string> = {
  start: 'Mod+O', library: withDigit(1), duplicates: withDigit(2), matches: withDigit(3), labels: withDigit(4), clean: withDigit(5), recipes: withDigit(6), export: withDigit(7),
  models: withDigit(8), settings: withDigit(9)
}
