import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { EventEmitter } from 'node:events'
import { WinnowError } from '../domain/errors.ts'
import type { Change } from '../contract/contract.ts'
import { ProjectLock } from './lock.ts'
import { refuseNewer } from './migrate.ts'
import type { ProjectMeta } from './repositories/meta.ts'
import { Store, type Reads, type Writes } from './store.ts'

export const projectSuffix = '.winnow'

/** A project on disk, open for writing: a folder NAME.winnow with project.db and its vectors, graphs and thumbnails. */
export class Project {
  readonly folder: string
  readonly meta: ProjectMeta
  readonly read: Reads
  readonly write: Writes
  readonly vectorsFolder: string
  readonly graphsFolder: string
  readonly thumbsFolder: string
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
    for (const path of [this.vectorsFolder, this.graphsFolder, this.thumbsFolder]) mkdirSync(path, { recursive: true })
    this.#changes.setMaxListeners(100)
  }

  /** Makes a new project; `folder` gets the suffix .winnow where it has none. Throws CONFLICT where something is there already. */
  static async create(folder: string, name: string, { program = 'Winnow', sample = false } = {}): Promise<Project> {
    const path = withSuffix(folder)
    if (existsSync(path) && readdirSync(path).length > 0) {
      throw new WinnowError('CONFLICT', `There is already something in ${path}. Open it, or choose another name.`)
    }
    mkdirSync(path, { recursive: true })
    const lock = new ProjectLock(path, program)
    const meta: ProjectMeta = { id: randomUUID(), name, createdAt: Date.now(), sample }
    try {
      const store = await Store.open(join(path, 'project.db'))
      await store.write.meta.setProject(meta)
      return new Project(path, meta, store, lock)
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Opens an existing project. Throws NOT_FOUND, LOCKED, NEWER_VERSION or CORRUPT. */
  static async open(folder: string, { program = 'Winnow' } = {}): Promise<Project> {
    const path = resolve(folder)
    const file = join(path, 'project.db')
    if (!existsSync(file) || !statSync(file).isFile()) {
      throw new WinnowError('NOT_FOUND', `${path} is not a Winnow project: it has no project.db. Choose a folder that ends in ${projectSuffix}.`)
    }
    const lock = new ProjectLock(path, program)
    let store: Store | undefined
    try {
      refuseNewer(file)
      store = await Store.open(file)
      const meta = await store.read.meta.project()
      if (!meta) throw new WinnowError('CORRUPT', `${file} is a database but not a Winnow project.`)
      return new Project(path, meta, store, lock)
    } catch (error) {
      await store?.close()
      lock.release()
      if ((error as { code?: string }).code === 'SQLITE_NOTADB') {
        throw new WinnowError('CORRUPT', `${file} is not a database. If you have ${basename(file)}.v*.backup beside it, put that in its place.`)
      }
      throw error
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
