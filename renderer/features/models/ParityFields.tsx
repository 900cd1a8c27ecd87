import { Button, NumberInput, Text, TextInput } from '@mantine/core'
import type { ModelCheck } from '../../../core/contract/models.ts'
import { desktop } from '../../app/desktop.ts'
import type { ParityInput } from './cardFields.ts'
import { parityWords } from './modelWords.ts'
import css from './Models.module.css'

interface Props {
  readonly value: ParityInput
  readonly onChange: (value: ParityInput) => void
  readonly result: ModelCheck | null
  readonly busy: boolean
  readonly onCheck: () => void
}

/** A picture, and the vector that the original makes of it: does Winnow give the same? */
export function ParityFields({ value, onChange, result, busy, onCheck }: Props) {
  const { image, vector, tolerance } = value
  const set = (patch: Partial<ParityInput>): void => onChange({ ...value, ...patch })
  const pick = async (field: 'image' | 'vector', name: string, extensions: readonly string[]): Promise<void> => {
    const path = await desktop?.pickFile([{ name, extensions }])
    if (path) set({ [field]: path })
  }
  const whole = image.trim() !== '' && vector.trim() !== ''
  return (
    <>
      <h3 className={css.group}>Check against the original (may be left empty)</h3>
      <div className={css.half}>
        <TextInput
          label="Picture" placeholder="/home/me/photo.jpg" spellCheck={false} value={image} onChange={(event) => set({ image: event.currentTarget.value })}
          rightSectionWidth={80} rightSection={desktop && <Button variant="subtle" size="compact-xs" onClick={() => void pick('image', 'Pictures', ['jpg', 'jpeg', 'png', 'webp', 'tif', 'tiff', 'bmp', 'ppm', 'gif'])}>Browse…</Button>}
        />
      </div>
      <div className={css.half}>
        <TextInput
          label="Its vector, .npy or JSON" placeholder="/home/me/photo.npy" spellCheck={false} value={vector} onChange={(event) => set({ vector: event.currentTarget.value })}
          rightSectionWidth={80} rightSection={desktop && <Button variant="subtle" size="compact-xs" onClick={() => void pick('vector', 'Vectors', ['npy', 'json'])}>Browse…</Button>}
        />
      </div>
      <div className={css.third}>
        <NumberInput label="Tolerance: 1 − cosine" min={0} max={1} step={0.001} decimalScale={6} value={tolerance} onChange={(next) => typeof next === 'number' && set({ tolerance: next })} />
      </div>
      <div className={css.parity}>
        <Button variant="default" disabled={!whole} loading={busy} onClick={onCheck}>Compare</Button>
        <div role="status">{result && <Text c={result.passed ? undefined : 'var(--unsure-text)'}>{parityWords(result)}</Text>}</div>
      </div>
    </>
  )
}
