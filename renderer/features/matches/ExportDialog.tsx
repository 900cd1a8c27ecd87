import { Button, Group, Modal, NumberInput, Radio, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Job } from '../../../core/contract/jobs.ts'
import type { MatchSourceInfo } from '../../../core/contract/matches.ts'
import type { StepResult } from '../../../core/contract/recipes.ts'
import { client } from '../../app/client.ts'
import { queries, queryClient } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ProgressBar, progressShare } from '../../components/ProgressBar.tsx'
import { ExportResult } from '../recipes/ExportResult.tsx'
import { auditedRecipe } from './auditedRecipe.ts'
import { overviewQuery } from './matchQueries.ts'
import { useMatches } from './matchesStore.ts'

type What = 'audited' | 'accepted' | 'plain'

const close = (): void => useMatches.setState({ dialog: null })
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The job as the window hears of it, or as the engine says where it did not. */
async function ended(id: number): Promise<Job> {
  for (;;) {
    const known = queryClient.getQueryData(queries.jobs.queryKey)?.find((job) => job.id === id) ?? (await client.jobs.list()).find((job) => job.id === id)
    if (!known) throw new Error('The job is gone. Try again.')
    if (known.state === 'done') return known
    if (known.state !== 'running' && known.state !== 'queued') throw new Error(known.error ?? 'It was stopped before it was done.')
    await sleep(150)
  }
}

/** Writes these matches to a file: as the run gave them, or as people left them (worked out by a run of the recipe with one more step). */
export function ExportDialog({ info }: { info: MatchSourceInfo }) {
  const { data: overview } = useQuery(overviewQuery({ runId: info.runId, step: info.step }))
  const threshold = useMatches((now) => now.threshold) ?? overview?.suggested ?? 0
  const [what, setWhat] = useState<What>('audited')
  const [minScore, setMinScore] = useState<number | ''>('')
  const [jobId, setJobId] = useState<number | null>(null)
  const { data: job } = useQuery({ ...queries.jobs, select: (jobs) => jobs.find((one) => one.id === jobId) })
  const prepare = useMutation({
    mutationFn: async (): Promise<StepResult> => {
      const run = await client.recipes.run({ runId: info.runId })
      if (what === 'plain') return resultOf(run.steps, info.step)
      const { request, step } = auditedRecipe(run, info.step, { keep: what === 'audited' ? 'all' : 'accepted', minScore: minScore === '' ? null : minScore })
      const started = await client.jobs.start(request)
      setJobId(started.id)
      await ended(started.id)
      const made = (await client.recipes.runs({ recipe: request.body?.name })).find((one) => one.jobId === started.id)
      if (!made) throw new Error('The run is gone. Try again.')
      return resultOf((await client.recipes.run({ runId: made.runId })).steps, step)
    }
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    prepare.mutate()
  }
  return (
    <Modal opened onClose={close} title="Export these matches" size={480} closeButtonProps={{ 'aria-label': 'Close' }}>
      {prepare.data ? (
        <>
          <Text size="sm">{prepare.data.summary}.</Text>
          <ExportResult result={prepare.data} name={`${info.recipe}-${what === 'plain' ? info.step.replace('.', '-') : what}`} onDone={close} />
        </>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <Radio.Group aria-label="Which pairs" value={what} onChange={(value) => setWhat(value as What)}>
              <Stack gap={10}>
                <Radio value="audited" data-autofocus label="All, as people left them" description="What was accepted comes first, what was refused is left out." />
                <Radio value="accepted" label="What was accepted" description="And, where you like, what nobody has spoken of but is sure enough." />
                <Radio value="plain" label="As the run gave them" description="Whatever people said." />
              </Stack>
            </Radio.Group>
            {what === 'accepted' && (
              <NumberInput label="Also open pairs with a score of at least" placeholder={`none; the threshold is ${threshold.toFixed(3)}`} decimalScale={6} value={minScore} onChange={(value) => setMinScore(typeof value === 'number' ? value : '')} />
            )}
            {prepare.error && <ErrorNote title="It could not be worked out." error={prepare.error} />}
            {prepare.isPending && what !== 'plain' && <ProgressBar share={progressShare(job?.progress ?? null)} label="Working out what people left" />}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>Cancel</Button>
              <Button type="submit" loading={prepare.isPending}>Go on</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}

function resultOf(steps: readonly { readonly step: string; readonly result: StepResult | null }[], step: string): StepResult {
  const result = steps.find((one) => one.step === step)?.result
  if (!result) throw new Error('The result is gone. Run the recipe again.')
  return result
}
