/** From a result to the screen that works on it. */
import type { ArtefactKind, StepResult } from '../../../core/contract/recipes.ts'
import { client } from '../../app/client.ts'
import { showDone, showError, whileBusy } from '../../app/notify.tsx'
import { queries, queryClient } from '../../app/queries.ts'
import { go } from '../../app/route.ts'
import { formatCount, formatNumber } from '../../components/format.ts'
import { setFilter } from '../../stores/library.ts'
import { changeSweep, startIn as startClean } from '../clean/cleanStore.ts'
import { changeQueue, startIn as startLabels } from '../labels/labelsStore.ts'
import { changeSource, startIn as startMatches } from '../matches/matchesStore.ts'

export type Place = 'matches' | 'clean' | 'labels' | 'library'
const places: Partial<Record<ArtefactKind, readonly Place[]>> = { lists: ['matches'], pairs: ['matches'], grid: ['clean'], labels: ['labels', 'library'], images: ['library'] }

/** Where results of a kind can be worked on. */
export const placesOf = (kind: ArtefactKind): readonly Place[] => places[kind] ?? []

/** `run` and `step`: where the result stands in a run; Matches knows it by these. */
export async function openResult(place: Place, result: StepResult, { runId, step }: { runId: number; step: string }): Promise<void> {
  const project = await queryClient.ensureQueryData(queries.project)
  if (!project) return
  try {
    if (place === 'matches') {
      startMatches(project.id)
      changeSource({ runId, step })
    } else if (place === 'clean') {
      startClean(project.id)
      changeSweep(result.resultId)
    } else if (place === 'labels') {
      const proposed = await whileBusy('Putting the labels into the Labels screen…', client.recipes.propose({ resultId: result.resultId }))
      await Promise.all([queryClient.invalidateQueries({ queryKey: ['labels'] }), queryClient.invalidateQueries({ queryKey: ['project'] })])
      startLabels(project.id)
      changeQueue({ runId: proposed.runId })
      showDone(`${formatCount(proposed.images, 'image has', 'images have')} a proposed label${proposed.newClasses.length > 0 ? `; ${formatCount(proposed.newClasses.length, 'class is', 'classes are')} new` : ''}.`)
    } else await showImages(result.resultId)
    go(place)
  } catch (error) {
    showError(error, 'The result was not opened there.')
  }
}

const pageSize = 200
/** As many as a filter of the library should carry. */
const mostImages = 4000

/** The library with just the images of a result. */
async function showImages(resultId: number): Promise<void> {
  const ids = new Set<number>()
  let total = Infinity
  for (let offset = 0; offset < Math.min(total, mostImages); offset += pageSize) {
    const page = await client.recipes.rows({ resultId, offset, limit: pageSize })
    total = page.total
    const column = page.columns.findIndex(({ type }) => type === 'image')
    for (const row of page.rows) if (typeof row[column] === 'number') ids.add(row[column])
  }
  setFilter({ ids: [...ids] })
  if (total > mostImages) showDone(`The first ${formatNumber(mostImages)} of ${formatNumber(total)} rows are shown.`)
}
