import { Button, Checkbox, NumberInput, Select, Switch, Text, Textarea, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { ModelCard, ModelCheck, ModelInspection } from '../../../core/contract/models.ts'
import { client } from '../../app/client.ts'
import { showDone } from '../../app/notify.tsx'
import { queryClient } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatBytes } from '../../components/format.ts'
import { noParity, questionFor } from './cardFields.ts'
import { ParityFields } from './ParityFields.tsx'
import { ValueFields } from './ValueFields.tsx'
import css from './Models.module.css'

interface Props {
  readonly inspection: ModelInspection
  readonly onAdded: () => void
  readonly onCancel: () => void
}

const shapeText = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`

/** The drafted card as a form; what the file does not say is marked and asked for. Nothing is guessed from the file's name. */
export function ModelForm({ inspection, onAdded, onCancel }: Props) {
  const [card, setCard] = useState<ModelCard>(() => unanswered(inspection))
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [parity, setParity] = useState(noParity)
  const [check, setCheck] = useState<ModelCheck | null>(null)
  // What was compared is no longer what stands there.
  const set = (patch: Partial<ModelCard>): void => {
    setCheck(null)
    setCard((now) => ({ ...now, ...patch }))
  }
  const { questions, notes } = inspection
  const missing = card.id === '' || card.name === '' || card.licence.trim() === '' || card.source.trim() === ''

  const compared = async (): Promise<ModelCheck> => {
    const found = await client.models.check({ model: { file: inspection.file, card }, image: parity.image.trim(), vector: parity.vector.trim(), tolerance: parity.tolerance })
    setCheck(found)
    return found
  }
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const add = (): Promise<void> => attempt(async () => {
    const asked = parity.image.trim() !== '' || parity.vector.trim() !== ''
    if (asked && !(check ?? (await compared())).passed && !parity.force) return
    const added = await client.models.add({ file: inspection.file, card })
    await queryClient.invalidateQueries({ queryKey: ['models'] })
    showDone(`${added.card.name} was added after a trial run.`)
    onAdded()
  })
  const field = (name: string, width: 'half' | 'third' | 'whole', control: ReactNode): ReactNode => <Asked key={name} question={questionFor(questions, name)} width={width}>{control}</Asked>
  return (
    <form onSubmit={(event) => {
      event.preventDefault()
      void add()
    }}>
      <Text my="md">
        {formatBytes(inspection.bytes)}. Inputs: {inspection.inputs.map((one) => `${one.name} ${one.type} ${shapeText(one.shape)}`).join('; ')}. Outputs: {inspection.outputs.map((one) => `${one.name} ${one.type} ${shapeText(one.shape)}`).join('; ')}.
        {questions.length > 0 && <b> {questions.length === 1 ? 'One thing' : `${questions.length} things`} the file does not say {questions.length === 1 ? 'is' : 'are'} marked below.</b>}
      </Text>
      {notes.length > 0 && <ul className={css.notes}>{notes.map((note) => <li key={note}>{note}</li>)}</ul>}
      <div className={css.fields}>
        {field('name', 'half', <TextInput label="Name" required value={card.name} onChange={(event) => set({ name: event.currentTarget.value })} />)}
        {field('id', 'half', <TextInput label="Id" description="lower-case letters, digits, dot, dash" required value={card.id} onChange={(event) => set({ id: event.currentTarget.value })} />)}
        {field('description', 'whole', <Textarea label="Description" autosize minRows={1} value={card.description} onChange={(event) => set({ description: event.currentTarget.value })} />)}
        {field('licence', 'half', <TextInput label="Licence" required autoFocus={card.licence === ''} value={card.licence} onChange={(event) => set({ licence: event.currentTarget.value })} placeholder="Apache-2.0" />)}
        {field('source', 'half', <TextInput label="Source" required value={card.source} onChange={(event) => set({ source: event.currentTarget.value })} placeholder="https://…" />)}
        <h3 className={css.group}>Picture</h3>
        {field('resize', 'third', <Select label="Resize" value={card.resize.mode} onChange={(mode) => mode && set({ resize: { ...card.resize, mode: mode as ModelCard['resize']['mode'] } })} data={[{ value: 'squash', label: 'Squash to size' }, { value: 'crop', label: 'Centre crop' }, { value: 'letterbox', label: 'Letterbox' }]} />)}
        {field('resize.interpolation', 'third', <Select label="Interpolation" value={card.resize.interpolation} onChange={(interpolation) => interpolation && set({ resize: { ...card.resize, interpolation: interpolation as ModelCard['resize']['interpolation'] } })} data={['nearest', 'bilinear', 'bicubic', 'lanczos3', 'area']} />)}
        {field('resize.method', 'third', <Select label="Resampling" description="whose pixels, exactly" inputWrapperOrder={['label', 'input', 'description']} value={card.resize.method ?? 'fast'} onChange={(method) => method && set({ resize: { ...card.resize, method: method as NonNullable<ModelCard['resize']['method']> } })} data={[{ value: 'fast', label: 'Fast: near enough' }, { value: 'pillow', label: 'Pillow' }, { value: 'opencv', label: 'OpenCV' }, { value: 'torch', label: 'PyTorch' }]} />)}
        {field('resize.cropFraction', 'third', <NumberInput label="Crop fraction" disabled={card.resize.mode !== 'crop'} min={0.05} max={1} step={0.01} decimalScale={4} value={card.resize.cropFraction} onChange={(value) => typeof value === 'number' && set({ resize: { ...card.resize, cropFraction: value } })} />)}
        {field('input.width', 'third', <NumberInput label="Width, px" min={8} max={4096} value={card.input.width} onChange={(value) => typeof value === 'number' && set({ input: { ...card.input, width: value } })} />)}
        {field('input.height', 'third', <NumberInput label="Height, px" min={8} max={4096} value={card.input.height} onChange={(value) => typeof value === 'number' && set({ input: { ...card.input, height: value } })} />)}
        {field('input.layout', 'third', <Select label="Layout" value={card.input.layout} onChange={(layout) => layout && set({ input: { ...card.input, layout: layout as ModelCard['input']['layout'] } })} data={['NCHW', 'NHWC']} />)}
        <h3 className={css.group}>Pixel values: (pixel / 255 × scale − mean) / std</h3>
        <ValueFields card={card} set={set} field={field} />
        <h3 className={css.group}>Output</h3>
        {field('output.name', 'third', <Select label="Output" value={card.output.name} onChange={(name) => name && set({ output: { ...card.output, name } })} data={inspection.outputs.map((one) => one.name)} />)}
        {field('output.pooling', 'third', <Select label="Pooling" value={card.output.pooling} onChange={(pooling) => pooling && set({ output: { ...card.output, pooling: pooling as ModelCard['output']['pooling'] } })} data={[{ value: 'none', label: 'None: it is a vector' }, { value: 'mean', label: 'Mean' }, { value: 'max', label: 'Max' }, { value: 'cls', label: 'First token (cls)' }, { value: 'gem', label: 'GeM' }]} />)}
        {field('output.dim', 'third', <NumberInput label="Numbers in the vector" min={2} max={65536} value={card.output.dim} onChange={(value) => typeof value === 'number' && set({ output: { ...card.output, dim: value } })} />)}
        {field('normalise', 'half', <Switch label="Normalise to length 1" checked={card.normalise} onChange={(event) => set({ normalise: event.currentTarget.checked })} />)}
        {field('resize.shrinkOnLoad', 'half', <Switch label="Let the JPEG decoder shrink first" description="much faster, slightly different pixels" checked={card.resize.shrinkOnLoad} disabled={(card.resize.method ?? 'fast') !== 'fast'} onChange={(event) => set({ resize: { ...card.resize, shrinkOnLoad: event.currentTarget.checked } })} />)}
        <ParityFields
          value={parity} result={check} busy={busy} onCheck={() => void attempt(async () => void (await compared()))}
          onChange={(next) => {
            if (next.image !== parity.image || next.vector !== parity.vector || next.tolerance !== parity.tolerance) setCheck(null)
            setParity(next)
          }}
        />
      </div>
      {error !== null && <div style={{ marginTop: 16 }}><ErrorNote title="The model was not added." error={error} /></div>}
      <footer className={css.footer}>
        <Button variant="default" onClick={onCancel}>Back</Button>
        <Button type="submit" size="sm" loading={busy} disabled={missing}>Try it and add</Button>
        {check && !check.passed && <Checkbox label="Add it all the same" checked={parity.force} onChange={(event) => setParity({ ...parity, force: event.currentTarget.checked })} />}
        <Text c="dimmed">{missing ? 'Name, id, licence and source are needed.' : check && !check.passed ? 'The vectors differ: nothing was added.' : 'A trial run comes first, and the comparison where a picture is named; if either fails nothing is added.'}</Text>
      </footer>
    </form>
  )
}

/** The draft says "unknown" where the file is silent; a person has to say it. */
function unanswered({ draft, questions }: ModelInspection): ModelCard {
  const answer = (field: 'licence' | 'source'): string => (questions.some((one) => one.field === field) ? '' : draft[field])
  return { ...draft, licence: answer('licence'), source: answer('source') }
}

function Asked({ question, width, children }: { question: string | null; width: 'half' | 'third' | 'whole'; children: ReactNode }) {
  return (
    <div className={css[width]}>
      <div className={question ? css.asked : undefined}>
        {children}
        {question && <div className={css.question}>{question}</div>}
      </div>
    </div>
  )
}
