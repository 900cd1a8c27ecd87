import { Button, Stack, Text } from '@mantine/core'
import { IconTags, IconWand } from '@tabler/icons-react'
import type { ProjectInfo } from '../../../core/contract/project.ts'
import { go } from '../../app/route.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { formatCount, formatNumber } from '../../components/format.ts'
import { CsvImport } from './CsvImport.tsx'
import { useLabels } from './labelsStore.ts'
import { PredictButton } from './PredictButton.tsx'
import css from './NoRun.module.css'

/** No predictions yet: predict, or first give the labels to learn from. */
export function NoRun({ project }: { project: ProjectInfo }) {
  const { ready, labelled } = project.counts
  const manage = <Button variant="default" leftSection={<IconTags size={14} />} onClick={() => useLabels.setState({ managing: true })}>Classes</Button>
  if (ready === 0) return <EmptyState icon={<IconTags size={26} />} title="No images yet" actions={<Button onClick={() => go('library')}>Go to the library</Button>}>Add a folder of images first.</EmptyState>
  if (labelled > 0) {
    return (
      <EmptyState icon={<IconWand size={26} />} title="No predictions yet" actions={<><PredictButton />{manage}</>}>
        {ready === labelled
          ? `All ${formatCount(ready, 'image')} have a label already. A run looks for images without one.`
          : `${formatCount(labelled, 'image has', 'images have')} a label. The ${formatNumber(ready - labelled)} without one are given candidates by the labelled images nearest to them; you say yes or no.`}
      </EmptyState>
    )
  }
  return (
    <div className={css.frame}>
      <Stack gap="md" maw={560} w="100%">
        <div>
          <Text size="lg" fw={600}>No labels to learn from yet</Text>
          <Text c="dimmed">A few labelled images of each class are enough to start. There are three ways to give them:</Text>
        </div>
        <section className={css.way}>
          <h3>From class folders</h3>
          <Text size="sm" c="dimmed">Where images lie in a folder for each class, switch on “labels from folders” for that folder and scan again.</Text>
          <Button mt={8} variant="default" onClick={() => go('library')}>Folders in the library</Button>
        </section>
        <section className={css.way}>
          <h3>From a table</h3>
          <CsvImport />
        </section>
        <section className={css.way}>
          <h3>By hand</h3>
          <Text size="sm" c="dimmed">Name the classes here, then select images in the library and press L.</Text>
          <div className={css.row}>{manage}<Button variant="default" onClick={() => go('library')}>Library</Button></div>
        </section>
      </Stack>
    </div>
  )
}
