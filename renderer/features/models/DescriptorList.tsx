import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { JobRequestInput } from '../../../core/contract/jobs.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { queries } from '../../app/queries.ts'
import { formatCount, formatNumber, formatRate } from '../../components/format.ts'
import { showJobs } from '../../stores/overlays.ts'
import css from './Models.module.css'

async function start(request: JobRequestInput, otherwise: string): Promise<void> {
  try {
    const job = await client.jobs.start(request)
    showJobs(job.id)
  } catch (error) {
    showError(error, otherwise)
  }
}

/** What this project has been described with, and what can be done with that. */
export function DescriptorList() {
  const { data: descriptors } = useQuery(queries.descriptors)
  return (
    <section className={css.box}>
      <h2 className={css.heading}>Descriptors of this project</h2>
      {descriptors?.length === 0 && <Text c="dimmed">None yet. Choose “Describe this project with it” at a model; near-duplicates and proposed labels need one.</Text>}
      {descriptors?.map((one) => (
        <div key={one.id} className={css.provider}>
          <div className={css.providerHead}><b>{one.modelName}</b><span>{one.dim} × {one.dtype}</span></div>
          <div className={css.dim}>
            {formatCount(one.rows, 'image')}{one.waiting > 0 ? `, ${formatNumber(one.waiting)} waiting` : ''}
            {one.provider ? ` · ${one.provider}` : ''}{one.imagesPerSecond ? ` · ${formatRate(one.imagesPerSecond)}` : ''}
          </div>
          <Group gap={6} my={4}>
            <Button variant="default" size="compact-xs" onClick={() => void start({ kind: 'duplicates', descriptorId: one.id }, 'The search did not start.')}>Find near-duplicates</Button>
            <Button variant="default" size="compact-xs" onClick={() => void start({ kind: 'pseudo', descriptorId: one.id }, 'The prediction did not start.')}>Propose labels</Button>
          </Group>
        </div>
      ))}
    </section>
  )
}
