/** Opening, creating and leaving projects, from wherever it is asked. */
import type { ProjectInfo } from '../../core/contract/project.ts'
import { closeIntake, useIntake } from '../stores/intake.ts'
import { resetLibrary } from '../stores/library.ts'
import { showJobs, useOverlays } from '../stores/overlays.ts'
import { client } from './client.ts'
import { type Desktop, desktop } from './desktop.ts'
import { showError, whileBusy } from './notify.tsx'
import { forgetProject, queries, queryClient } from './queries.ts'
import { go } from './route.ts'

/** Makes a project the one that every screen shows, and goes to its pictures. */
export function enterProject(project: ProjectInfo): void {
  forgetProject()
  resetLibrary()
  queryClient.setQueryData(queries.project.queryKey, project)
  closeIntake()
  go('library')
}

/** A project that was named when Winnow was started is shown at once; whoever has chosen a room already stays there. */
export function landInLibrary(): void {
  if (location.hash === '' && !useIntake.getState().open) location.replace('#/library')
}

/** Asks which project to open: in the desktop's own dialog where there is one. */
export function askForProject(): void {
  if (desktop) void pickProject(desktop)
  else useOverlays.getState().show('open-project')
}

async function pickProject({ pickFolder }: Desktop): Promise<void> {
  const folder = await pickFolder()
  if (folder) await openProjectFolder(folder)
}

/** Whether it was opened; where not, the reason has been shown. */
export async function openProjectFolder(folder: string): Promise<boolean> {
  try {
    enterProject(await whileBusy('Opening the project…', client.project.open({ folder })))
    return true
  } catch (error) {
    showError(error, 'The project was not opened.')
    return false
  }
}

export async function openSample(): Promise<void> {
  try {
    enterProject(await whileBusy('Opening the sample project…', client.project.sample()))
  } catch (error) {
    showError(error, 'The sample project was not opened.')
  }
}

export async function closeProject(): Promise<void> {
  try {
    await client.project.close()
    forgetProject()
    resetLibrary()
    queryClient.setQueryData(queries.project.queryKey, null)
    go('start')
  } catch (error) {
    showError(error, 'The project was not closed.')
  }
}

/** Looks through every folder of the project for new, changed and vanished files. */
export async function rescanProject(): Promise<void> {
  try {
    const job = await client.jobs.start({ kind: 'scan' })
    showJobs(job.id)
  } catch (error) {
    showError(error, 'The re-scan did not start.')
  }
}
