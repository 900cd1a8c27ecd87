import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { recentProject, type RecentProject } from '../contract/project.ts'
import { JsonFile } from './jsonFile.ts'

const stored = recentProject.omit({ exists: true })
type Stored = z.infer<typeof stored>

const kept = 20

/** The projects that were open on this machine, the newest first, in `<home>/recent.json`. */
export class RecentProjects {
  readonly #file: JsonFile<Stored[]>

  constructor(home: string) {
    this.#file = new JsonFile(join(home, 'recent.json'), z.array(stored), [])
  }

  async list(): Promise<RecentProject[]> {
    const projects = await this.#file.read()
    return await Promise.all(projects.map(async (project) => ({ ...project, exists: await isProject(project.folder) })))
  }

  /** Puts a project in front. */
  async remember(project: Stored): Promise<void> {
    await this.#file.update((all) => [project, ...all.filter((other) => other.folder !== project.folder)].slice(0, kept))
  }

  /** Brings counts and pictures of a project up to date where it is in the list, without moving it. */
  async refresh(folder: string, facts: Partial<Omit<Stored, 'folder' | 'openedAt'>>): Promise<void> {
    await this.#file.update((all) => all.map((project) => (project.folder === folder ? { ...project, ...facts } : project)))
  }

  async forget(folder: string): Promise<void> {
    await this.#file.update((all) => all.filter((project) => project.folder !== folder))
  }
}

const isProject = async (folder: string): Promise<boolean> =>
  await stat(join(folder, 'project.db')).then((found) => found.isFile(), () => false)
