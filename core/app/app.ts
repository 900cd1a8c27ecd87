import type { Contract } from '../contract/contract.ts'
import { Engine } from '../engine.ts'
import type { Service } from '../services.ts'
import { AppService, type Face } from './appService.ts'
import { ChangeHub } from './changeHub.ts'
import type { Places } from './home.ts'
import { JobService } from './jobService.ts'
import type { Log } from './log.ts'
import { ModelService } from './modelService.ts'
import { ProjectService } from './projectService.ts'
import { RecentProjects } from './recentProjects.ts'
import { RootsWithoutProject } from './rootsWithoutProject.ts'
import { sampleExists } from './samplePlace.ts'

/** Every area of the contract, by the service that answers it now (some change with the open project). */
export type Services = { readonly [Area in keyof Contract]: () => Service<Area> }

export interface AppOptions {
  readonly places: Places
  /** Who holds a project, in words: "Winnow", "winnow scan". */
  readonly program: string
  readonly face: Face
  readonly log: Log
  readonly resumeJobs: boolean
  readonly visionWorkers?: number
}

/** The engine with the services of the machine around it: what the server and the terminal both stand on. */
export class App {
  readonly engine: Engine
  readonly hub = new ChangeHub()
  readonly project: ProjectService
  readonly services: Services

  constructor({ places, program, face, log, resumeJobs, visionWorkers }: AppOptions) {
    const engine = new Engine({ home: places.home, program, ...(visionWorkers === undefined ? {} : { visionWorkers }) })
    const recent = new RecentProjects(places.home)
    const app = new AppService({ home: places.home, face, recent, hub: this.hub, sampleExists: () => Promise.resolve(sampleExists(places)) })
    const project = new ProjectService({ engine, places, recent, hub: this.hub, log, resumeJobs })
    const models = new ModelService(engine, this.hub)
    this.engine = engine
    this.project = project
    this.services = {
      app: () => app,
      project: () => project,
      roots: () => engine.open?.roots ?? new RootsWithoutProject(engine),
      images: () => engine.current.images,
      models: () => models,
      jobs: () => new JobService(engine.current),
      duplicates: () => engine.current.duplicates,
      labels: () => engine.current.labels,
      decisions: () => engine.current.decisions,
      exports: () => engine.current.exports,
      recipes: () => engine.current.recipes,
      vetoes: () => engine.current.vetoes,
      clean: () => engine.current.clean,
      matches: () => engine.current.matches
    }
  }

  /** Finishes the commit under way, lets running jobs stop (they go on next time) and lets the project go. */
  async close(): Promise<void> {
    await this.project.end()
    this.hub.close()
    await this.engine.close()
  }
}
