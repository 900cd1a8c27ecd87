import { Button, Loader, Select, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ModelInspection } from '../../../core/contract/models.ts'
import { useActions } from '../../app/actions.ts'
import { client } from '../../app/client.ts'
import { desktop } from '../../app/desktop.ts'
import { queries } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Room } from '../../components/Room.tsx'
import { ModelForm } from './ModelForm.tsx'
import css from './Models.module.css'

/** An ONNX file of one's own: it is looked at, a card is drafted, the person answers what the file does not say. */
export function AddModel({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState('')
  const [inspection, setInspection] = useState<ModelInspection | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const [card, setCard] = useState('')
  const { data: known = [] } = useQuery(queries.knownModels)
  useActions('Add a model', [{ id: 'models.back', title: 'Back to the models', keys: ['Esc'], hint: 'back', typing: true, run: onClose }])

  const inspect = async (path: string, id = card): Promise<void> => {
    if (path.trim() === '') return
    setBusy(true)
    setError(null)
    try {
      setInspection(await client.models.inspect({ file: path.trim(), ...(id ? { known: id } : {}) }))
    } catch (failure) {
      setInspection(null)
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const pick = async (): Promise<void> => {
    const path = await desktop?.pickFile([{ name: 'ONNX models', extensions: ['onnx'] }])
    if (!path) return
    setFile(path)
    await inspect(path)
  }
  return (
    <Room top={<Title order={2} px="xs">Add a model</Title>}>
      <div className={css.form}>
        <Text c="dimmed" mb="md">Any ONNX file that takes a picture and gives a vector or a feature map. It is copied beside its card; your file stays as it is.</Text>
        <form style={{ display: 'flex', gap: 8, alignItems: 'end' }} onSubmit={(event) => {
          event.preventDefault()
          void inspect(file)
        }}>
          <TextInput flex={1} label="ONNX file" placeholder="/home/me/models/encoder.onnx" value={file} onChange={(event) => setFile(event.currentTarget.value)} spellCheck={false} autoFocus />
          {desktop && <Button variant="default" onClick={() => void pick()}>Browse…</Button>}
          <Button type="submit" variant={inspection ? 'default' : 'filled'} disabled={file.trim() === ''} loading={busy}>Look inside</Button>
          {!inspection && <Button variant="subtle" color="gray" onClick={onClose}>Back</Button>}
        </form>
        <Select
          mt="sm" maw={420} label="Its card" description="of a known model, or made from the file and what you answer" value={card} allowDeselect={false}
          data={[{ value: '', label: 'Made from the file' }, ...known.filter(({ kind }) => kind === 'embedding').map(({ card: { id, name } }) => ({ value: id, label: name }))]}
          onChange={(id) => {
            if (id === null) return
            setCard(id)
            // What stands below was drafted with another card.
            if (inspection || error !== null) void inspect(file, id)
          }}
        />
        {busy && <Text c="dimmed" mt="sm"><Loader size={12} color="gray" /> Reading the graph and its hash…</Text>}
        {error !== null && <div style={{ marginTop: 16 }}><ErrorNote title="The file could not be used." error={error} /></div>}
        {inspection && <ModelForm key={`${inspection.sha256} ${inspection.draft.id}`} inspection={inspection} onAdded={onClose} onCancel={onClose} />}
      </div>
    </Room>
  )
}
