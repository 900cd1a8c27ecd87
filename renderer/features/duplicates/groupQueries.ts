import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { DuplicateGroup, DuplicateSettings, GroupFilter, GroupOrder } from '../../../core/contract/duplicates.ts'
import { client } from '../../app/client.ts'
import { rememberRows } from '../../app/rows.ts'

/** Counts and histogram at these settings. The last answer stays on the screen while the next one is on its way. */
export const summaryQuery = (settings: DuplicateSettings) =>
  queryOptions({
    queryKey: ['duplicates', 'summary', settings],
    queryFn: ({ signal }) => client.duplicates.summary(settings, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 30_000
  })

export interface GroupList {
  readonly groups: number[]
  readonly images: number
  readonly wouldDrop: number
  /** Every group at these settings, whatever the filter. */
  readonly existing: number[]
}

/**
 * The groups of a list. Its key does not begin with a topic on purpose: a decision must not reload the list under the hand that decides;
 * useGroupList asks again where it has to.
 */
export const groupListQuery = (settings: DuplicateSettings, filter: GroupFilter, order: GroupOrder) =>
  queryOptions({
    queryKey: ['duplicate-groups', settings, filter, order],
    queryFn: async ({ signal }): Promise<GroupList> => {
      const [shown, all] = await Promise.all([
        client.duplicates.groups({ settings, filter, order }, { signal }),
        filter.state === 'all' ? null : client.duplicates.groups({ settings, filter: { ...filter, state: 'all' }, order }, { signal })
      ])
      return { ...shown, existing: all?.groups ?? shown.groups }
    },
    placeholderData: keepPreviousData,
    gcTime: 60_000
  })

/** One group; those that are asked for at the same time travel together. Null where there is no such group at these settings any more. */
export const groupQuery = (settings: DuplicateSettings, group: number) =>
  queryOptions({ queryKey: ['duplicates', 'group', settings, group], queryFn: () => load(settings, group), gcTime: 60_000 })

interface Wanted {
  readonly settings: DuplicateSettings
  readonly group: number
  readonly resolve: (group: DuplicateGroup | null) => void
  readonly reject: (error: unknown) => void
}

const MOST_AT_ONCE = 24
let wanted: Wanted[] = []

function load(settings: DuplicateSettings, group: number): Promise<DuplicateGroup | null> {
  return new Promise((resolve, reject) => {
    if (wanted.length === 0) setTimeout(send, 0)
    wanted.push({ settings, group, resolve, reject })
  })
}

function send(): void {
  const bySettings = Map.groupBy(wanted, ({ settings }) => JSON.stringify(settings))
  wanted = []
  for (const list of bySettings.values()) {
    for (let start = 0; start < list.length; start += MOST_AT_ONCE) void ask(list.slice(start, start + MOST_AT_ONCE))
  }
}

async function ask(list: readonly Wanted[]): Promise<void> {
  try {
    const groups = await client.duplicates.rows({ settings: list[0]!.settings, groups: [...new Set(list.map(({ group }) => group))] })
    rememberRows(groups.flatMap((group) => group.members.map((member) => member.image)))
    const byId = new Map(groups.map((group) => [group.id, group]))
    for (const { group, resolve } of list) resolve(byId.get(group) ?? null)
  } catch (error) {
    for (const { reject } of list) reject(error)
  }
}
