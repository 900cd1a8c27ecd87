import { spotlight } from '@mantine/spotlight'
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useEffect } from 'react'
import { openAddFolder, openNewProject } from '../stores/intake.ts'
import { useOverlays } from '../stores/overlays.ts'
import { useUi } from '../stores/ui.ts'
import { runAction, useActions } from './actions.ts'
import { type Action, globalScope } from './scopes.ts'
import { redo, undo } from './decide.ts'
import { askForProject, closeProject, landInLibrary, openSample, rescanProject } from './openProject.ts'
import { useProject } from './queries.ts'
import { nextRegion } from './regions.ts'
import { roomKeys, roomTitles } from './roomTitles.ts'
import { go, rooms, useRoute } from './route.ts'
import { desktop } from './desktop.ts'

const needsProject = new Set(['library', 'duplicates', 'matches', 'labels', 'clean', 'recipes', 'export'])

/** What works on every screen. */
export function useGlobalActions(): void {
  const { data: project } = useProject()
  const toggleInspector = useUi((state) => state.toggleInspector)
  const showOverlay = useOverlays((state) => state.show)
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('dark')
  const open = Boolean(project)

  const visits = rooms.map((room): Action => ({
    id: `room.${room}`, title: `Go to ${roomTitles[room]}`, keys: [roomKeys[room]], group: 'Rooms', typing: true, run: () => go(room), when: () => !needsProject.has(room) || open
  }))
  useActions(globalScope, [
    { id: 'app.keys', title: 'Keys of this screen', keys: ['?'], hint: 'keys', group: 'Help', run: () => showOverlay('keys') },
    { id: 'app.palette', title: 'Command palette', keys: ['Mod+K'], group: 'Help', typing: true, run: () => spotlight.toggle() },
    { id: 'app.undo', title: project?.undo ? `Undo: ${project.undo}` : 'Undo', keys: ['Mod+Z', 'Backspace'], group: 'Safety', when: () => open, run: () => void undo() },
    { id: 'app.redo', title: project?.redo ? `Redo: ${project.redo}` : 'Redo', keys: ['Mod+Shift+Z', 'Mod+Y'], group: 'Safety', when: () => open, run: () => void redo() },
    { id: 'app.inspector', title: 'Show or fold the inspector', keys: ['Tab'], when: () => useRoute.getState().room !== 'start', keysWhen: tabIsFree, run: toggleInspector },
    { id: 'app.region', title: 'Next part of the window', keys: ['F6'], typing: true, run: () => nextRegion(1) },
    { id: 'app.region-back', title: 'Previous part of the window', keys: ['Shift+F6'], typing: true, quiet: true, run: () => nextRegion(-1) },
    { id: 'app.jobs', title: 'Jobs', keys: ['Mod+J'], typing: true, run: () => showOverlay('jobs') },
    { id: 'app.theme', title: scheme === 'dark' ? 'Light theme' : 'Dark theme', run: () => setColorScheme(scheme === 'dark' ? 'light' : 'dark') },
    { id: 'project.new', title: 'New project from a folder…', group: 'Project', run: () => openNewProject() },
    { id: 'project.open', title: 'Open a project…', keys: ['Mod+Shift+O'], group: 'Project', typing: true, run: askForProject },
    { id: 'project.add-folder', title: 'Add a folder to this project…', group: 'Project', when: () => open, run: () => openAddFolder() },
    { id: 'project.rescan', title: 'Look for new and changed files', group: 'Project', when: () => open, run: () => void rescanProject() },
    { id: 'project.sample', title: 'Open the sample project', group: 'Project', run: () => void openSample() },
    { id: 'project.close', title: 'Close this project', group: 'Project', when: () => open, run: () => void closeProject() },
    ...visits
  ])
  useEffect(() => desktop?.onMenu((actionId) => runAction(actionId)), [])
  useEffect(() => {
    if (open) landInLibrary()
  }, [open])
}

/** Tab folds the inspector while the hand is on the work; anywhere else it moves the focus, as everybody expects. */
function tabIsFree(): boolean {
  const focused = document.activeElement
  return focused === null || focused === document.body || focused.hasAttribute('data-work')
}
