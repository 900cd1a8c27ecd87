import { Button } from '@mantine/core'
import { IconArrowsDiff, IconChecks } from '@tabler/icons-react'
import type { MatchOverview } from '../../../core/contract/matches.ts'
import type { ProjectInfo } from '../../../core/contract/project.ts'
import { useJobs } from '../../app/queries.ts'
import { go } from '../../app/route.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { formatCount } from '../../components/format.ts'
import { showJobs } from '../../stores/overlays.ts'
import { changeList, renewList, useMatches } from './matchesStore.ts'

/** No recipe has given pairs yet: run one, or wait for the one that runs. */
export function NoMatches({ project }: { project: ProjectInfo }) {
  const { data: jobs } = useJobs()
  const running = jobs?.find((job) => job.kind === 'recipe' && (job.state === 'running' || job.state === 'queued'))
  const icon = <IconArrowsDiff size={26} />
  if (project.counts.ready === 0) return <EmptyState icon={icon} title="No images yet" actions={<Button onClick={() => go('library')}>Go to the library</Button>}>Add folders of images first: one with queries, one with references.</EmptyState>
  if (running) return <EmptyState icon={icon} title="A recipe is running" actions={<Button variant="default" onClick={() => showJobs(running.id)}>Show how far it is</Button>}>Its pairs appear here as soon as a step has found some.</EmptyState>
  return (
    <EmptyState icon={icon} title="Nothing to look through yet" actions={<Button onClick={() => go('recipes')}>Go to the recipes</Button>}>
      A recipe finds which pictures are copies or other views of which. Give one folder the role query and another the role reference, then run “New images against old ones” or any other recipe that gives pairs.
    </EmptyState>
  )
}

/** The list is empty, or its end is reached. */
export function ListDone({ total, filtered, overview }: { total: number; filtered: boolean; overview: MatchOverview | undefined }) {
  const icon = <IconChecks size={26} />
  const again = <Button variant="default" onClick={renewList}>Load the list again</Button>
  if (total > 0) return <EmptyState icon={icon} title="The end of the list" actions={<>{again}<Button variant="default" onClick={() => useMatches.setState({ at: 0, reference: 0 })}>Back to its beginning</Button></>}>Every query of it has been passed. What was skipped is still open.</EmptyState>
  if (overview && overview.queries > 0 && overview.decided === overview.queries) {
    return (
      <EmptyState icon={icon} title={`All ${formatCount(overview.queries, 'query is', 'queries are')} decided`} actions={<><Button variant="default" onClick={() => changeList({ state: 'decided', truth: null, text: '', side: 'any' })}>Look at them</Button><Button onClick={() => useMatches.setState({ dialog: 'export' })}>Export the matches</Button></>}>
        Every decision can be changed or undone.
      </EmptyState>
    )
  }
  if (filtered) return <EmptyState title="No query fits the filter" actions={<Button variant="default" onClick={() => changeList({ state: 'all', truth: null, text: '', side: 'any' })}>Show all queries</Button>}>There are queries in another state, or with another score, truth or path.</EmptyState>
  return <EmptyState icon={icon} title="This result holds no pairs">Choose another step of the run at the left, or run the recipe with milder thresholds.</EmptyState>
}
