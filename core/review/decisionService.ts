import { userInfo } from 'node:os'
import type { Act, ActResult, ReviewStats } from '../contract/decisions.ts'
import type { ActEntry } from '../contract/images.ts'
import type { ProjectContext, Service } from '../services.ts'
import { decisionsPerMinute } from './pace.ts'
import { resolveAct } from './resolveAct.ts'

/** Everything that people decide, and the way back: unlimited undo and redo over an append-only log. */
export class DecisionService implements Service<'decisions'> {
  readonly #context: ProjectContext
  readonly #who = userName()

  constructor(context: ProjectContext) {
    this.#context = context
  }

  /** Does it as one step of undo. When this resolves, the decision is on disk. */
  async apply(act: Act): Promise<ActResult> {
    const { images, duplicates, matches } = this.#context.engine.current
    const resolved = await resolveAct(act, {
      resolveSelection: (selection) => images.resolve(selection),
      resolveMatches: (bulk) => matches.pairsAbove(bulk),
      resolveGroups: (settings, groups, filter) => duplicates.resolveGroups(settings, groups === 'all' ? groups : [...groups], filter)
    })
    return this.#announced(await this.#context.project.write.decisions.apply(resolved, this.#who, Date.now()))
  }

  async undo(): Promise<ActResult> {
    return this.#announced(await this.#context.project.write.decisions.undo(this.#who, Date.now()))
  }

  async redo(): Promise<ActResult> {
    return this.#announced(await this.#context.project.write.decisions.redo(this.#who, Date.now()))
  }

  async log({ before, limit }: { before?: number | undefined; limit: number }): Promise<ActEntry[]> {
    return await this.#context.project.read.decisions.log(before ?? null, limit)
  }

  async stats(): Promise<ReviewStats> {
    const { decisions } = this.#context.project.read
    const [decided, times, acceptedShare, last] = await Promise.all([decisions.decided(), decisions.recentTimes(1000), decisions.acceptedShare(200), decisions.lastActs(10)])
    return { decided, perMinute: decisionsPerMinute(times), acceptedShare, last }
  }

  #announced(result: ActResult): ActResult {
    if (result.actId !== null) this.#context.project.emit({ topic: 'decisions' })
    return result
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a user id that no one has named.
    return 'unknown'
  }
}
