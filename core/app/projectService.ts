import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProjectInfo } from '../contract/project.ts'
import { jobRequest } from '../contract/jobs.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Engine, OpenProject } from '../engine.ts'
import { schemaVersion } from '../project/migrations/list.ts'
import { projectSuffix, withSuffix } from '../project/project.ts'
import type { Service } from '../services.ts'
import type { ChangeHub } from './changeHub.ts'
import { fileNameFor } from './fileName.ts'
import { expandPath, type Places } from './home.ts'
import type { Log } from './log.ts'
import { ProjectCard } from './projectCard.ts'
import type { RecentProjects } from './recentProjects.ts'
import { sampleFolder, sampleName } from './samplePlace.ts'

const done = { ok: true } as const

/** Called with the open project, or null after one was closed. */
export type ProjectListener = (open: OpenProject | null) => void

export interface ProjectServiceOptions {
  readonly engine: Engine
  readonly places: Places
  readonly recent: RecentProjects
  readonly hub: ChangeHub
  readonly log: Log
  /** Whether jobs that were interrupted go on when their project opens; otherwise they are only marked as interrupted. */
  readonly resumeJobs: boolean
}

/** Opens, makes and closes projects, one at a time: two windows that ask at once are answered one after the other. */
export class ProjectService implements Service<'project'> {
  readonly #options: ProjectServiceOptions
  readonly #listeners = new Set<ProjectListener>()
  #card: ProjectCard | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: ProjectServiceOptions) {
    this.#options = options
  }

  /** Calls back whenever a project has been opened or closed. */
  onProject(listener: ProjectListener): void {
    this.#listeners.add(listener)
  }

  /** While one is being opened or closed, the answer waits for it: a window that comes back after a crash is not told "none" in between. */
  async current(): Promise<ProjectInfo | null> {
    await this.#last
    const { open } = this.#options.engine
    return open ? await infoOf(open) : null
  }

  async create({ folder, name }: { folder: string; name: string }): Promise<ProjectInfo> {
    return await this.#oneByOne(async () => await this.#adopt(() => this.#options.engine.createProject(expandPath(folder), name)))
  }

  /** One that is open here already is simply shown. */
  async open({ folder }: { folder: string }): Promise<ProjectInfo> {
    return await this.#oneByOne(async () => await this.#open(projectAt(folder)))
  }

  async close(): Promise<{ ok: true }> {
    await this.#oneByOne(async () => await this.#close())
    return done
  }

  /** Drawing, reading and proposing are one job; where an earlier one was cut short, it goes on. */
  async sample(): Promise<ProjectInfo> {
    return await this.#oneByOne(async () => {
      const { engine, places } = this.#options
      const folder = sampleFolder(places)
      if (existsSync(join(folder, 'project.db'))) await this.#open(folder)
      else await this.#adopt(() => engine.createProject(folder, sampleName, { sample: true }))
      const open = engine.current
      const [roots, jobs] = await Promise.all([open.roots.list(), open.jobs.list()])
      const drawing = jobs.find(({ kind }) => kind === 'sample')
      if (drawing && drawing.state !== 'done') await open.jobs.resume(drawing.id)
      else if (!drawing && roots.length === 0) await open.jobs.start(jobRequest.parse({ kind: 'sample' }))
      return await infoOf(open)
    })
  }

  /** A folder that is free, in the place for new projects. */
  suggestFolder({ name }: { name: string }): Promise<{ folder: string }> {
    const base = join(this.#options.places.projects, fileNameFor(name))
    let folder = withSuffix(base)
    for (let number = 2; existsSync(folder); number++) folder = withSuffix(`${base} ${number}`)
    return Promise.resolve({ folder })
  }

  async setting({ key }: { key: string }): Promise<unknown> {
    return await this.#options.engine.current.project.read.meta.setting(key)
  }

  async saveSetting({ key, value }: { key: string; value?: unknown }): Promise<{ ok: true }> {
    await this.#options.engine.current.project.write.meta.setSetting(key, value)
    return done
  }

  /** Waits for what is under way, then closes without a word to the windows: the engine ends. */
  async end(): Promise<void> {
    await this.#oneByOne(async () => await this.#close())
  }

  async #open(folder: string): Promise<ProjectInfo> {
    const { engine } = this.#options
    if (engine.open && (await sameFolder(engine.open.project.folder, folder))) return await infoOf(engine.open)
    return await this.#adopt(() => engine.openProject(folder))
  }

  async #adopt(make: () => Promise<OpenProject>): Promise<ProjectInfo> {
    const { hub, log, recent, resumeJobs } = this.#options
    await this.#card?.close()
    let open: OpenProject
    try {
      open = await make()
    } catch (error) {
      // The one that was open before still is.
      const { open: before } = this.#options.engine
      this.#card = before && new ProjectCard(before, recent, log)
      throw error
    }
    open.project.onChange((change) => hub.emit(change))
    this.#card = new ProjectCard(open, recent, log)
    if (resumeJobs) await open.jobs.recover()
    else await open.project.write.jobs.markInterrupted()
    const info = await infoOf(open)
    await this.#card.opened()
    this.#tell(open)
    return info
  }

  async #close(): Promise<void> {
    await this.#card?.close()
    this.#card = null
    await this.#options.engine.closeProject()
    this.#tell(null)
  }

  #tell(open: OpenProject | null): void {
    for (const listener of this.#listeners) listener(open)
    this.#options.hub.emit({ topic: 'project' })
  }

  async #oneByOne<T>(act: () => Promise<T>): Promise<T> {
    const next = this.#last.then(act)
    this.#last = next.catch(() => undefined)
    return await next
  }
}

/** The open project in numbers. */
async function infoOf(open: OpenProject): Promise<ProjectInfo> {
  const { project } = open
  const [counts, roots, turns] = await Promise.all([project.read.images.counts(), open.roots.list(), project.read.decisions.turns()])
  return { ...project.meta, folder: project.folder, schemaVersion, counts, roots, undo: turns.undo, redo: turns.redo }
}

/** The project meant by a path: the folder itself, or the one with the suffix that people leave out. */
export function projectAt(folder: string): string {
  const path = expandPath(folder)
  if (existsSync(join(path, 'project.db'))) return path
  const withEnding = withSuffix(path)
  if (existsSync(withEnding)) return withEnding
  if (!existsSync(path)) throw new WinnowError('NOT_FOUND', `There is no project at ${path}. Look for a folder that ends in ${projectSuffix}.`)
  return path
}

const sameFolder = async (a: string, b: string): Promise<boolean> => {
  const [first, second] = await Promise.all([a, b].map(async (path) => await realpath(path).catch(() => path)))
  return first === second
}
