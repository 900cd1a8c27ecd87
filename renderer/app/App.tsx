import { lazy, Suspense, useEffect } from 'react'
import { Center, Loader } from '@mantine/core'
import { listenForKeys } from './actions.ts'
import { keepDesktopMenu } from './desktopMenu.ts'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { useRecipePalette } from '../features/recipes/useRecipePalette.ts'
import { DropFolder } from '../features/start/DropFolder.tsx'
import { OpenProjectDialog } from '../features/start/OpenProjectDialog.tsx'
import { CheatSheet } from './CheatSheet.tsx'
import { Palette } from './Palette.tsx'
import { Rail } from './Rail.tsx'
import { RoomBoundary } from './RoomBoundary.tsx'
import { StatusBar } from './StatusBar.tsx'
import { useProject } from './queries.ts'
import { type RoomId, useRoute } from './route.ts'
import { useGlobalActions } from './globalActions.ts'
import css from './App.module.css'

const StartRoom = lazy(async () => ({ default: (await import('../features/start/StartRoom.tsx')).StartRoom }))
const LibraryRoom = lazy(async () => ({ default: (await import('../features/library/LibraryRoom.tsx')).LibraryRoom }))
const DuplicatesRoom = lazy(async () => ({ default: (await import('../features/duplicates/DuplicatesRoom.tsx')).DuplicatesRoom }))
const MatchesRoom = lazy(async () => ({ default: (await import('../features/matches/MatchesRoom.tsx')).MatchesRoom }))
const CleanRoom = lazy(async () => ({ default: (await import('../features/clean/CleanRoom.tsx')).CleanRoom }))
const RecipesRoom = lazy(async () => ({ default: (await import('../features/recipes/RecipesRoom.tsx')).RecipesRoom }))
const LabelsRoom = lazy(async () => ({ default: (await import('../features/labels/LabelsRoom.tsx')).LabelsRoom }))
const ExportRoom = lazy(async () => ({ default: (await import('../features/export/ExportRoom.tsx')).ExportRoom }))
const ModelsRoom = lazy(async () => ({ default: (await import('../features/models/ModelsRoom.tsx')).ModelsRoom }))
const SettingsRoom = lazy(async () => ({ default: (await import('../features/settings/SettingsRoom.tsx')).SettingsRoom }))

const roomComponents = {
  start: StartRoom, library: LibraryRoom, duplicates: DuplicatesRoom, matches: MatchesRoom, labels: LabelsRoom, clean: CleanRoom, recipes: RecipesRoom, export: ExportRoom,
  models: ModelsRoom, settings: SettingsRoom
} satisfies Record<RoomId, unknown>

/** Rooms that make sense before a project is open. */
const withoutProject: ReadonlySet<RoomId> = new Set(['start', 'models', 'settings'])

/** The shell: rail, room, status bar, and what floats above them. */
export function App() {
  const asked = useRoute((state) => state.room)
  const { data: project, isPending } = useProject()
  useEffect(listenForKeys, [])
  useEffect(keepDesktopMenu, [])
  useGlobalActions()
  useRecipePalette()
  const title = project ? `${project.name} · Winnow` : 'Winnow'
  useEffect(() => {
    document.title = title
  }, [title])

  const room: RoomId = project || withoutProject.has(asked) ? asked : 'start'
  const Current = roomComponents[room]
  return (
    <div className={css.shell}>
      <Rail room={room} />
      <div className={css.room}>
        <ConnectionBanner />
        <RoomBoundary key={room}>
          <Suspense fallback={<Waiting />}>{isPending ? <Waiting /> : <Current />}</Suspense>
        </RoomBoundary>
      </div>
      <StatusBar />
      <Palette />
      <CheatSheet />
      <DropFolder />
      <OpenProjectDialog />
    </div>
  )
}

const Waiting = () => <Center h="100%"><Loader size="sm" color="gray" /></Center>
