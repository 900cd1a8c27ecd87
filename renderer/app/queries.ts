/** What the engine knows, as the window sees it. A key starts with the topic that makes it stale. */
import { QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import type { Change } from '../../core/contract/contract.ts'
import type { ImageFilter, ImageSort } from '../../core/contract/images.ts'
import type { Job } from '../../core/contract/jobs.ts'
import { client, onChange } from './client.ts'
import { refreshRows } from './rows.ts'

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: 1, retryDelay: 400, staleTime: Infinity, refetchOnWindowFocus: false, gcTime: 10 * 60_000 } }
})

export const queries = {
  appInfo: queryOptions({ queryKey: ['app', 'info'], queryFn: () => client.app.info() }),
  recent: queryOptions({ queryKey: ['app', 'recent'], queryFn: () => client.app.recent() }),
  project: queryOptions({ queryKey: ['project', 'current'], queryFn: () => client.project.current() }),
  roots: queryOptions({ queryKey: ['project', 'roots'], queryFn: () => client.roots.list() }),
  jobs: queryOptions({ queryKey: ['jobs'], queryFn: () => client.jobs.list() }),
  models: queryOptions({ queryKey: ['models', 'list'], queryFn: () => client.models.list() }),
  knownModels: queryOptions({ queryKey: ['known-models'], queryFn: () => client.models.known() }),
  providers: queryOptions({ queryKey: ['models', 'providers'], queryFn: () => client.models.providers() }),
  descriptors: queryOptions({ queryKey: ['models', 'descriptors'], queryFn: () => client.models.descriptors() }),
  classes: queryOptions({ queryKey: ['labels', 'classes'], queryFn: () => client.labels.classes() }),
  labelRuns: queryOptions({ queryKey: ['labels', 'runs'], queryFn: () => client.labels.runs() }),
  reviewStats: queryOptions({ queryKey: ['decisions', 'stats'], queryFn: () => client.decisions.stats() }),
  duplicateSettings: queryOptions({ queryKey: ['duplicates', 'settings'], queryFn: () => client.duplicates.settings() }),
  exportHistory: queryOptions({ queryKey: ['exports', 'history'], queryFn: () => client.exports.history() }),
  details: (id: number) => queryOptions({ queryKey: ['images', 'details', id], queryFn: () => client.images.details({ id }) }),
  neighbours: (id: number, k: number) => queryOptions({ queryKey: ['images', 'neighbours', id, k], queryFn: () => client.images.neighbours({ id, k }), retry: 0 }),
  facets: (filter: ImageFilter) => queryOptions({ queryKey: ['images', 'facets', filter], queryFn: () => client.images.facets({ filter }) }),
  view: (filter: ImageFilter, sort: ImageSort) => queryOptions({ queryKey: ['images', 'view', filter, sort], queryFn: () => client.images.view({ filter, sort }) })
}

export const useProject = () => useQuery(queries.project)
export const useJobs = () => useQuery(queries.jobs)
export const useClasses = () => useQuery(queries.classes)

/**
 * What a change makes stale. A decision does not make the library's view stale: pictures must not slide away under the hand that decides;
 * the screens ask for a new view when the person does (filter, sort, undo) or when images come and go.
 */
const staleAfter: Record<Exclude<Change['topic'], 'job' | 'hello'>, readonly (readonly string[])[]> = {
  project: [['project'], ['images', 'facets'], ['app', 'recent']],
  images: [['images'], ['project'], ['models', 'descriptors'], ['labels', 'classes'], ['recipes', 'plan']],
  decisions: [['decisions'], ['project'], ['images', 'facets'], ['images', 'details'], ['labels'], ['duplicates'], ['matches'], ['vetoes'], ['clean'], ['recipes', 'plan']],
  predictions: [['labels'], ['images'], ['project']],
  duplicates: [['duplicates']],
  models: [['models']],
  exports: [['exports']],
  recipes: [['recipes'], ['matches'], ['clean']]
}

/** Several changes at once cost one round of questions. Jobs report a few times a second, and a new list of all images is not cheap. */
const throttleMs = { person: 200, job: 1200 } as const
const fromJobs = new Set<string>(['images', 'predictions', 'duplicates'])
const pendingTopics = new Set<keyof typeof staleAfter>()
let timer: ReturnType<typeof setTimeout> | null = null
let due = Infinity

function markStale(topic: keyof typeof staleAfter): void {
  pendingTopics.add(topic)
  const wanted = Date.now() + (fromJobs.has(topic) ? throttleMs.job : throttleMs.person)
  if (wanted >= due) return
  if (timer) clearTimeout(timer)
  due = wanted
  timer = setTimeout(flush, wanted - Date.now())
}

function flush(): void {
  timer = null
  due = Infinity
  const topics = [...pendingTopics]
  pendingTopics.clear()
  const keys = new Map(topics.flatMap((topic) => staleAfter[topic]).map((key) => [key.join('/'), key]))
  for (const queryKey of keys.values()) void queryClient.invalidateQueries({ queryKey: [...queryKey] })
  if (topics.some((topic) => topic === 'images' || topic === 'decisions' || topic === 'predictions')) refreshRows()
}

function updateJob(job: Job): void {
  const known = queryClient.getQueryData(queries.jobs.queryKey)
  if (!known) return
  queryClient.setQueryData(queries.jobs.queryKey, known.some((other) => other.id === job.id) ? known.map((other) => (other.id === job.id ? job : other)) : [job, ...known])
}

/** Wires the engine's changes to the cache; called once by main.tsx. */
export function followChanges(): void {
  onChange((change) => {
    if (change.topic === 'hello') {
      void queryClient.invalidateQueries()
      refreshRows()
    } else if (change.topic === 'job') updateJob(change.job)
    else markStale(change.topic)
  })
}

/** Forgets everything of the project that was open. */
export function forgetProject(): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'app' && queryKey[0] !== 'project' && queryKey[0] !== 'models' })
  refreshRows({ forget: true })
  void queryClient.invalidateQueries()
}
