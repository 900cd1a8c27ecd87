import { Center, Loader } from '@mantine/core'
import { queryClient } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ClassPicker } from './ClassPicker.tsx'
import { ContactSheet } from './ContactSheet.tsx'
import { itemQuery } from './labelItems.ts'
import { say } from './labelActs.ts'
import { type Answer, goTo, renewQueue, useLabels } from './labelsStore.ts'
import { SingleView } from './SingleView.tsx'
import { useLabelQueue } from './useLabelQueue.ts'

/** The queue of a run, one at a time or as a contact sheet. */
export function LabelQueue({ runId }: { runId: number }) {
  const { ids, waiting, error } = useLabelQueue(runId)
  const mode = useLabels((now) => now.mode)
  const picking = useLabels((now) => now.picking)
  const at = useLabels((now) => now.at)
  if (error) return <Center h="100%"><ErrorNote title="The queue could not be loaded." error={error} onRetry={renewQueue} /></Center>
  if (!ids || waiting) return <Center h="100%"><Loader size="sm" color="gray" /></Center>
  const pick = async (answer: Answer): Promise<void> => {
    const id = ids[at]
    const item = id === undefined ? null : await queryClient.ensureQueryData(itemQuery(runId, id))
    if (!item) return
    void say(runId, item, answer)
    goTo(at + 1, ids.length)
  }
  return (
    <>
      {mode === 'sheet' ? <ContactSheet runId={runId} ids={ids} /> : <SingleView runId={runId} ids={ids} />}
      {picking && mode === 'single' && <ClassPicker onPick={(answer) => void pick(answer)} onClose={() => useLabels.setState({ picking: false })} />}
    </>
  )
}
