import { NumberInput, Select, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { ModelCard } from '../../../core/contract/models.ts'
import { parseTriple, presetOf, valuePresets } from './cardFields.ts'

interface Props {
  readonly card: ModelCard
  readonly set: (patch: Partial<ModelCard>) => void
  readonly field: (name: string, width: 'half' | 'third' | 'whole', control: ReactNode) => ReactNode
}

/** How pixel values are scaled: a known way, or numbers of one's own. */
export function ValueFields({ card, set, field }: Props) {
  const preset = presetOf(card)
  return (
    <>
      {field('mean', 'whole', (
        <Select
          label="Range" value={preset ?? 'own'} data={[...valuePresets.map(({ label }) => ({ value: label, label })), { value: 'own', label: 'Own numbers' }]}
          onChange={(label) => {
            const chosen = valuePresets.find((one) => one.label === label)
            if (chosen) set({ scale: chosen.scale, mean: chosen.mean, std: chosen.std })
          }}
        />
      ))}
      {field('colour', 'half', <Select label="Colour order" value={card.colour} onChange={(colour) => colour && set({ colour: colour as ModelCard['colour'] })} data={['RGB', 'BGR']} />)}
      {field('scale', 'half', <NumberInput label="Scale" decimalScale={6} value={card.scale} onChange={(value) => typeof value === 'number' && set({ scale: value })} />)}
      {field('values.mean', 'half', <TripleInput key={`mean ${card.mean.join()}`} label="Mean" value={card.mean} onChange={(mean) => set({ mean })} />)}
      {field('values.std', 'half', <TripleInput key={`std ${card.std.join()}`} label="Std" value={card.std} onChange={(std) => set({ std })} />)}
    </>
  )
}

function TripleInput({ label, value, onChange }: { label: string; value: ModelCard['mean']; onChange: (value: ModelCard['mean']) => void }) {
  const [text, setText] = useState(value.join(', '))
  const parsed = parseTriple(text)
  return <TextInput label={label} value={text} error={parsed ? null : 'One number, or three with commas.'} onChange={(event) => setText(event.currentTarget.value)} onBlur={() => parsed && onChange(parsed)} />
}
