import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { ImageRole } from '../../core/contract/common.ts'
import type { GenerateSpec } from '../../core/contract/generator.ts'
import { jobRequest, type JobRequestInput } from '../../core/contract/jobs.ts'
import { rootSpec } from '../../core/contract/project.ts'
import type { Engine, OpenProject } from '../../core/engine.ts'

/** A folder of images with what they are for. */
export interface Root {
  readonly path: string
  readonly role: ImageRole
  /** Labels from the names of the folders in it. */
  readonly labels?: boolean
}

/** Runs a job to its end; throws what it failed of. */
export async function runJob(open: OpenProject, request: JobRequestInput): Promise<unknown> {
  const { id } = await open.jobs.start(jobRequest.parse(request))
  const { state, title, error, data } = await open.jobs.done(id)
  if (state !== 'done') throw new Error(`${title}: ${error ?? state}`)
  return data
}

/** A new project over these folders, with its images read. It is open when this returns, and the one before is not. */
export async function projectOver(engine: Engine, folder: string, roots: readonly Root[]): Promise<OpenProject> {
  const open = await engine.createProject(folder, basename(folder))
  for (const { path, role, labels = false } of roots) await open.roots.add(rootSpec.parse({ path, role, labelsFromFolders: labels }))
  await runJob(open, { kind: 'scan' })
  return open
}

/** Every nth of some files, copied into one folder, so that a set is made of few pictures quickly. */
export function copyEvery(files: readonly string[], count: number, folder: string): void {
  mkdirSync(folder, { recursive: true })
  const step = Math.max(1, files.length / count)
  for (let i = 0; i < Math.min(count, files.length); i++) {
    const file = files[Math.floor(i * step)] as string
    copyFileSync(file, join(folder, `${basename(dirname(file))}-${basename(file)}`))
  }
}

/** Makes a set of edited pictures with known truth; returns its folder. */
export async function generate(photos: OpenProject, out: string, spec: Partial<GenerateSpec>): Promise<string> {
  await runJob(photos, { kind: 'generate', spec: { out, ...spec } })
  return out
}
