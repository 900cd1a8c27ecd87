import { readFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { AppInfo, RecentProject } from '../contract/project.ts'
import type { Service } from '../services.ts'
import type { ChangeHub, ChangeStream } from './changeHub.ts'
import { completeFolder } from './completeFolder.ts'
import { expandPath } from './home.ts'
import { JsonFile } from './jsonFile.ts'
import type { RecentProjects } from './recentProjects.ts'

/** The version in package.json. */
export const version: string = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version

export type Face = AppInfo['face']

const done = { ok: true } as const

/** What belongs to the machine and not to one project: facts, recent projects, settings, and the stream of changes. */
export class AppService implements Service<'app'> {
  readonly #face: Face
  readonly #recent: RecentProjects
  readonly #settings: JsonFile<Record<string, unknown>>
  readonly #hub: ChangeHub
  readonly #sampleExists: () => Promise<boolean>

  constructor({ home, face, recent, hub, sampleExists }: {
    home: string
    face: Face
    recent: RecentProjects
    hub: ChangeHub
    sampleExists: () => Promise<boolean>
  }) {
    this.#face = face
    this.#recent = recent
    this.#hub = hub
    this.#sampleExists = sampleExists
    this.#settings = new JsonFile(join(home, 'settings.json'), z.record(z.string(), z.unknown()), {})
  }

  async info(): Promise<AppInfo> {
    return {
      version,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      face: this.#face,
      sampleExists: await this.#sampleExists()
    }
  }

  async recent(): Promise<RecentProject[]> {
    return await this.#recent.list()
  }

  /** Takes a project out of the list; its folder stays. */
  async forget({ folder }: { folder: string }): Promise<{ ok: true }> {
    await this.#recent.forget(expandPath(folder))
    this.#hub.emit({ topic: 'project' })
    return done
  }

  async completeFolder({ prefix }: { prefix: string }): Promise<string[]> {
    return await completeFolder(prefix)
  }

  async settings(): Promise<Record<string, unknown>> {
    return await this.#settings.read()
  }

  /** A value of null (or none) takes the setting out. */
  async saveSetting({ key, value }: { key: string; value?: unknown }): Promise<{ ok: true }> {
    await this.#settings.update((all) => {
      const { [key]: _before, ...others } = all
      return value === undefined || value === null ? others : { ...others, [key]: value }
    })
    return done
  }

  /** What changes from now on, until the caller lets go; the first is always `hello`. */
  changes(_input: unknown, signal?: AbortSignal): Promise<ChangeStream> {
    return Promise.resolve(this.#hub.subscribe(signal))
  }
}
