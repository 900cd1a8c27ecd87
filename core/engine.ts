import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CleanService } from './clean/cleanService.ts'
import { DuplicateService } from './dedupe/duplicateService.ts'
import { WinnowError } from './domain/errors.ts'
import { ExportService } from './exporters/exportService.ts'
import { ImageService } from './images/imageService.ts'
import { RootService } from './images/rootService.ts'
import { jobHandlers } from './jobs/handlers.ts'
import { JobRunner } from './jobs/runner.ts'
import { MatchService } from './matches/matchService.ts'
import { ModelLibrary } from './models/modelLibrary.ts'
import { Project } from './project/project.ts'
import { ViewStore } from './project/views.ts'
import { LabelService } from './pseudo/labelService.ts'
import { DecisionService } from './review/decisionService.ts'
import { RecipeService } from './recipes/recipeService.ts'
import { StepHost } from './recipes/stepHost.ts'
import { VetoService } from './review/vetoService.ts'
import { SearchHost } from './search/searchHost.ts'
import { VerifyPool } from './workers/verifyPool.ts'
import { VisionPool } from './workers/visionPool.ts'

export interface EngineOptions {
  /** Where the app keeps what belongs to no project: models added, recent projects, settings. */
  readonly home: string
  readonly program: string
  readonly visionWorkers?: number
}

/** A project that is open, with the services over it. */
export class OpenProject {
  readonly project: Project
  readonly views = new ViewStore()
  readonly jobs: JobRunner
  readonly roots: RootService
  readonly images: ImageService
  readonly duplicates: DuplicateService
  readonly labels: LabelService
  readonly decisions: DecisionService
  readonly exports: ExportService
  readonly recipes: RecipeService
  readonly vetoes: VetoService
  readonly clean: CleanService
  readonly matches: MatchService

  constructor(engine: Engine, project: Project) {
    const context = { engine, project }
    this.project = project
    this.jobs = new JobRunner(engine, project, jobHandlers)
    this.roots = new RootService(context)
    this.images = new ImageService(context)
    this.duplicates = new DuplicateService(context)
    this.labels = new LabelService(context)
    this.decisions = new DecisionService(context)
    this.exports = new ExportService(context)
    this.recipes = new RecipeService(context)
    this.vetoes = new VetoService(context)
    this.clean = new CleanService(context)
    this.matches = new MatchService(context)
  }

  async close(): Promise<void> {
    await this.jobs.close()
    await Promise.all([this.duplicates.close(), this.clean.close(), this.matches.close()])
    await this.project.close()
  }
}

/** The engine: one project at a time, the worker processes, the models of this machine. The same in all three faces. */
export class Engine {
  readonly home: string
  readonly program: string
  readonly models: ModelLibrary
  readonly vision: VisionPool
  readonly search: SearchHost
  readonly verify: VerifyPool
  readonly steps = new StepHost()
  #open: OpenProject | null = null

  constructor({ home, program, visionWorkers }: EngineOptions) {
    mkdirSync(home, { recursive: true })
    this.home = home
    this.program = program
    this.vision = new VisionPool(visionWorkers === undefined ? {} : { workers: visionWorkers })
    this.search = new SearchHost()
    this.verify = new VerifyPool(visionWorkers === undefined ? {} : { workers: visionWorkers })
    this.models = new ModelLibrary({ folder: join(home, 'models') })
  }

  get open(): OpenProject | null {
    return this.#open
  }

  /** The open project; throws NOT_FOUND where none is open. */
  get current(): OpenProject {
    if (!this.#open) throw new WinnowError('NOT_FOUND', 'No project is open. Open or create one first.')
    return this.#open
  }

  async openProject(folder: string): Promise<OpenProject> {
    return await this.#adopt(() => Project.open(folder, { program: this.program }))
  }

  async createProject(folder: string, name: string, { sample = false } = {}): Promise<OpenProject> {
    return await this.#adopt(() => Project.create(folder, name, { program: this.program, sample }))
  }

  async closeProject(): Promise<void> {
    const open = this.#open
    this.#open = null
    await open?.close()
  }

  async close(): Promise<void> {
    await this.closeProject()
    this.steps.close()
    await Promise.all([this.vision.close(), this.search.close(), this.verify.close()])
  }

  async #adopt(make: () => Promise<Project>): Promise<OpenProject> {
    // Before the open one is let go, so that a project that cannot be opened costs nothing.
    const project = await make()
    await this.closeProject()
    this.#open = new OpenProject(this, project)
    return this.#open
  }
}
