import type { RoomId } from './route.ts'

export const roomTitles: Record<RoomId, string> = {
  start: 'Projects', library: 'Library', duplicates: 'Duplicates', labels: 'Labels', export: 'Export', models: 'Models', settings: 'Settings'
}

/** Rooms sit on Ctrl and a digit; digits alone pick candidates and keepers. */
export const roomKeys: Record<RoomId, string> = {
  start: 'Mod+O', library: 'Mod+1', duplicates: 'Mod+2', labels: 'Mod+3', export: 'Mod+4', models: 'Mod+5', settings: 'Mod+6'
}
