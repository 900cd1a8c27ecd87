import { join } from 'node:path'
import { type DuplicateGroup, type DuplicateSettings, type DuplicateSummary, duplicateSettings, type GroupFilter, type GroupOrder, type KeeperRule } from '../contract/duplicates.ts'
import { WinnowError } from '../domain/errors.ts'
import { defaultDescriptor } from '../models/descriptorVectors.ts'
import { listDescriptors } from '../models/descriptorList.ts'
import type { ProjectContext, Service } from '../services.ts'
import type { Connection } from '../workers/channel.ts'
import { startThread, type Thread } from '../workers/thread.ts'
import type { GroupsThread, GroupsThreadData } from './groups.thread.ts'
import type { Stale } from './groupBook.ts'
import type { GroupColumns } from './groupColumns.ts'

const settingKey = 'duplicates'
/** For a model whose card says nothing: strict, because nothing is known of it. */
const uncalibratedThreshold = 0.95
/** Up to 6 of 64 bits: see test/medium/dedupe/realImages.test.ts for what that finds and what it does not mistake. */
const defaultRadius = 6
const defaultRules: readonly KeeperRule[] = ['protected', 'labelled', 'larger', 'less-compressed', 'sharper', 'older', 'shorter-path']
const imagesAtOnce = 500

/** Near-duplicates of a project: the stored edges read as groups at any settings, without searching again. */
export class DuplicateService implements Service<'duplicates'> {
  readonly #context: ProjectContext
  readonly #stopListening: () => void
  #thread: Thread<GroupsThread> | null = null
  #closed = false

  constructor(context: ProjectContext) {
    this.#context = context
    this.#stopListening = context.project.onChange(({ topic }) => {
      if (topic === 'decisions') this.#invalidate('decisions')
      // 'project': a root was added, removed, or is protected now.
      else if (topic === 'images' || topic === 'project') this.#invalidate('images')
      else if (topic === 'duplicates') this.#invalidate('graphs')
      else if (topic === 'models') this.#invalidate('vectors')
    })
  }

  /** The settings saved last; where there are none, the default descriptor at its card's threshold. A descriptor that is gone is replaced by the default. */
  async settings(): Promise<DuplicateSettings> {
    const { project } = this.#context
    const saved = duplicateSettings.safeParse(await project.read.meta.setting(settingKey)).data
    const descriptors = await listDescriptors(project)
    if (saved && descriptors.some(({ id }) => id === saved.descriptorId)) return saved
    const descriptorId = await defaultDescriptor(project)
    const threshold = descriptors.find(({ id }) => id === descriptorId)?.nearDuplicate.threshold ?? uncalibratedThreshold
    return saved ? { ...saved, descriptorId, threshold: saved.threshold === null ? null : threshold } : { descriptorId, threshold, radius: defaultRadius, rules: [...defaultRules] }
  }

  async saveSettings(settings: DuplicateSettings): Promise<{ ok: true }> {
    await this.#context.project.write.meta.setSetting(settingKey, settings)
    return { ok: true }
  }

  async summary(settings: DuplicateSettings): Promise<DuplicateSummary> {
    return await this.#groups().call('summary', [settings])
  }

  async groups({ settings, filter, order }: { settings: DuplicateSettings; filter: GroupFilter; order: GroupOrder }): Promise<{ groups: number[]; images: number; wouldDrop: number }> {
    const { groups, images, wouldDrop } = await this.#groups().call('list', [settings, filter, order])
    return { groups: Array.from(groups), images, wouldDrop }
  }

  /** Groups by their keepers' ids, in that order; those that are not there at these settings are left out. */
  async rows({ settings, groups }: { settings: DuplicateSettings; groups: number[] }): Promise<DuplicateGroup[]> {
    const details = await this.#groups().call('details', [settings, groups])
    const ids = details.flatMap(({ members }) => members.map(({ imageId }) => imageId))
    const rows = new Map<number, DuplicateGroup['members'][number]['image']>()
    for (let at = 0; at < ids.length; at += imagesAtOnce) {
      for (const row of await this.#context.project.read.images.rows(ids.slice(at, at + imagesAtOnce))) rows.set(row.id, row)
    }
    return details.map(({ members, variants, ...group }) => ({
      ...group,
      variants: [...variants],
      members: withLabels(members.flatMap(({ imageId, comparisons, ...member }) => {
        const image = rows.get(imageId)
        return image ? [{ ...member, comparisons: [...comparisons], image }] : []
      }))
    }))
  }

  /** Groups by their keepers' ids, or all that pass the filter (the open ones where there is none), as a decision needs them. */
  async resolveGroups(settings: DuplicateSettings, groups: readonly number[] | 'all', filter: GroupFilter = { state: 'open' }): Promise<GroupColumns> {
    return await this.#groups().call('resolve', [settings, groups === 'all' ? groups : [...groups], filter])
  }

  /** Images in connected components of two or more at these settings: their ids and, beside each, the least image id of its component. */
  async components(settings: DuplicateSettings): Promise<{ imageIds: Int32Array; components: Int32Array }> {
    return await this.#groups().call('components', [settings])
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#stopListening()
    const thread = this.#thread
    this.#thread = null
    if (!thread) return
    await thread.connection.call('close', []).catch(() => undefined)
    await thread.end()
  }

  #invalidate(what: Stale): void {
    // Whoever starts the thread later reads everything anyway.
    void this.#thread?.connection.call('invalidate', [what]).catch(() => undefined)
  }

  #groups(): Connection<GroupsThread> {
    if (this.#closed) throw new WinnowError('UNAVAILABLE', 'The project is closed.')
    this.#thread ??= this.#start()
    return this.#thread.connection
  }

  #start(): Thread<GroupsThread> {
    const { project } = this.#context
    const data: GroupsThreadData = { database: join(project.folder, 'project.db'), graphsFolder: project.graphsFolder, vectorsFolder: project.vectorsFolder }
    const thread: Thread<GroupsThread> = startThread(new URL('./groups.thread.ts', import.meta.url), data, () => {
      // The next look starts another.
      if (this.#thread === thread) this.#thread = null
    })
    return thread
  }
}

/** Says where a member's label contradicts the keeper's: dropping it would lose the contradiction. */
function withLabels(members: DuplicateGroup['members']): DuplicateGroup['members'] {
  const keeper = members.find((member) => member.keeper)?.image.className
  return members.map((member) => {
    const { className } = member.image
    if (member.keeper || !className || !keeper || className === keeper) return member
    return { ...member, comparisons: [{ text: `labelled ${className}, the keeper ${keeper}`, better: 'same' as const }, ...member.comparisons] }
  })
}
