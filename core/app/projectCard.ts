import type { RecentProject } from '../contract/project.ts'
import type { OpenProject } from '../engine.ts'
import { readThumb } from '../images/media.ts'
import type { Log } from './log.ts'
import { mosaicOf, spread } from './mosaic.ts'
import type { RecentProjects } from './recentProjects.ts'

type Facts = Pick<RecentProject, 'name' | 'images' | 'toReview' | 'sample' | 'mosaic'>

const pictures = 4

/** Keeps an open project's card on the start screen true: when it opens, when a job has finished, and when it closes. */
export class ProjectCard {
  readonly #open: OpenProject
  readonly #recent: RecentProjects
  readonly #log: Log
  readonly #stop: () => void
  #stale = false
  #work: Promise<void> = Promise.resolve()

  constructor(open: OpenProject, recent: RecentProjects, log: Log) {
    this.#open = open
    this.#recent = recent
    this.#log = log
    this.#stop = open.project.onChange((change) => {
      this.#stale = true
      if (change.topic === 'job' && change.job.state === 'done') this.#refresh()
    })
  }

  /** Puts the project in front at once; counts and pictures follow when they are there. */
  async opened(): Promise<void> {
    const { folder, meta } = this.#open.project
    const known = (await this.#recent.list()).find((project) => project.folder === folder)
    await this.#recent.remember({ folder, name: meta.name, openedAt: Date.now(), images: known?.images ?? 0, toReview: known?.toReview ?? 0, sample: meta.sample, mosaic: known?.mosaic ?? [] })
    if (!known || known.mosaic.length === 0) this.#refresh()
  }

  /** Brings it up to date for the last time, where anything has changed. */
  async close(): Promise<void> {
    this.#stop()
    if (this.#stale) this.#refresh()
    await this.#work
  }

  #refresh(): void {
    this.#stale = false
    const before = this.#work
    this.#work = (async () => {
      await before
      try {
        await this.#recent.refresh(this.#open.project.folder, await factsOf(this.#open))
      } catch (error) {
        // A card that is a little old is no reason to disturb anyone.
        this.#log.error(`recent projects: ${error instanceof Error ? error.message : String(error)}`)
      }
    })()
  }
}

async function factsOf(open: OpenProject): Promise<Facts> {
  const { project } = open
  const [counts, toReview, mosaic] = await Promise.all([project.read.images.counts(), leftToReview(open), mosaicFrom(open)])
  return { name: project.meta.name, sample: project.meta.sample, images: counts.images, toReview, mosaic }
}

/** Predictions that nobody has answered yet, and groups in which something is undecided. */
async function leftToReview(open: OpenProject): Promise<number> {
  const runs = await open.labels.runs()
  const predictions = runs.filter((run) => run.kind === 'knn').sort((a, b) => b.id - a.id)[0]?.open ?? 0
  const summary = await open.duplicates.summary(await open.duplicates.settings())
  return predictions + (summary.searched ? summary.open : 0)
}

async function mosaicFrom(open: OpenProject): Promise<string[]> {
  const { viewId } = await open.images.view({ filter: { state: ['ready'] }, sort: 'path' })
  const ids = open.views.get(viewId)
  const thumbs = await Promise.all(spread(ids.length, pictures).map(async (place) => await readThumb(open.project, ids[place] ?? -1)))
  return await mosaicOf(thumbs.flatMap((thumb) => (thumb ? [thumb.bytes] : [])))
}
