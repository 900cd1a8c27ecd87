import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { EventEmitter } from 'node:events'
import { WinnowError } from '../domain/errors.ts'
import { systemError } from '../domain/systemErrors.ts'
import type { Change } from '../contract/contract.ts'
import { newSuffix } from './beginDatabase.ts'
import { ProjectLock } from './lock.ts'
import { checkVersion, notOurs } from './migrate.ts'
import type { ProjectMeta } from './repositories/meta.ts'
import { Store, type Reads, type Writes } from './store.ts'

export const projectSuffix = '.winnow'
const databaseName = 'project.db'
/** What an engine that is killed while it makes a project leaves behind. */
const isUnfinished = (entry: string): boolean => entry.startsWith('lock.db') || entry.startsWith('engine.json') || entry.startsWith(`${databaseName}${newSuffix}`)

/** A project on disk, open for writing: a folder NAME.winnow with project.db and its vectors, graphs and thumbnails. */
export class Project {
  readonly folder: string
  readonly meta: ProjectMeta
  readonly read: Reads
  readonly write: Writes
  readonly vectorsFolder: string
  readonly graphsFolder: string
  readonly thumbsFolder: string
  /** What steps of recipes made: one folder a result, named by its key. */
  readonly resultsFolder: string
  readonly #store: Store
  readonly #lock: ProjectLock
  readonly #changes = new EventEmitter<{ change: [Change] }>()

  private constructor(folder: string, meta: ProjectMeta, store: Store, lock: ProjectLock) {
    this.folder = folder
    this.meta = meta
    this.#store = store
    this.#lock = lock
    this.read = store.read
    this.write = store.write
    this.vectorsFolder = join(folder, 'vectors')
    this.graphsFolder = join(folder, 'graphs')
    this.thumbsFolder = join(folder, 'thumbs')
    this.resultsFolder = join(folder, 'results')
    for (const path of [this.vectorsFolder, this.graphsFolder, this.thumbsFolder, this.resultsFolder]) mkdirSync(path, { recursive: true })
    this.#changes.setMaxListeners(100)
  }

  /** Makes a new project; `folder` gets the suffix .winnow where it has none. Throws CONFLICT where something is there already, UNAVAILABLE where it cannot be written. */
  static async create(folder: string, name: string, { program = 'Winnow', sample = false } = {}): Promise<Project> {
    const path = withSuffix(folder)
    if (existsSync(path) && readdirSync(path).some((entry) => !isUnfinished(entry))) {
      throw new WinnowError('CONFLICT', `There is already something in ${path}. Open it, or choose another name.`)
    }
    mkdirSync(path, { recursive: true })
    const lock = new ProjectLock(path, program)
    const meta: ProjectMeta = { id: randomUUID(), name, createdAt: Date.now(), sample }
    const file = join(path, databaseName)
    let store: Store | undefined
    try {
      store = await Store.open(file, { begin: meta })
      return new Project(path, meta, store, lock)
    } catch (error) {
      await store?.close()
      lock.release()
      throw systemError(error, file) ?? error
    }
  }

  /** Opens an existing project. Throws NOT_FOUND, LOCKED, NEWER_VERSION, CORRUPT or UNAVAILABLE; a file that is no project is not written to. */
  static async open(folder: string, { program = 'Winnow' } = {}): Promise<Project> {
    const path = resolve(folder)
    const file = join(path, databaseName)
    if (!existsSync(file) || !statSync(file).isFile()) {
      throw new WinnowError('NOT_FOUND', `${path} is not a Winnow project: it has no ${databaseName}. Choose a folder that ends in ${projectSuffix}.`)
    }
    const lock = new ProjectLock(path, program)
    let store: Store | undefined
    try {
      checkVersion(file)
      store = await Store.open(file)
      const meta = await store.read.meta.project()
      if (!meta) throw notOurs(file)
      return new Project(path, meta, store, lock)
    } catch (error) {
      await store?.close()
      lock.release()
      throw systemError(error, file) ?? error
    }
  }

  announce(url: string, token: string): void {
    this.#lock.announce(url, token)
  }

  emit(change: Change): void {
    this.#changes.emit('change', change)
  }

  /** Calls back on every change; returns the function that stops it. */
  onChange(listener: (change: Change) => void): () => void {
    this.#changes.on('change', listener)
    return () => void this.#changes.off('change', listener)
  }

  async close(): Promise<void> {
    await this.#store.close()
    this.#lock.release()
    this.#changes.removeAllListeners()
  }
}

export const withSuffix = (folder: string): string => {
  const path = resolve(folder)
  return path.endsWith(projectSuffix) ? path : `${path}${projectSuffix}`
}
