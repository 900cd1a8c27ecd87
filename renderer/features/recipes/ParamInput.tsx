import { Checkbox, MultiSelect, NumberInput, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { columnTitle } from './rules/resultColumns.ts'
import { fieldText, type ParamField, rangeWords, readField, stepOf } from './rules/paramFields.ts'
import { valueText } from './rules/runDifferences.ts'

interface Props {
  readonly field: ParamField
  readonly value: unknown
  /** undefined: as the recipe says. */
  readonly onChange: (value: unknown) => void
  /** What decides it instead; null: this form. */
  readonly setBy: string | null
  readonly disabled: boolean
  /** What the run had, where that was something else. */
  readonly before: { readonly value: unknown } | null
}

/** One parameter, in the form that its kind asks for. */
export function ParamInput({ field, value, onChange, setBy, disabled: off, before }: Props) {
  const { name, about, control, choices, least, most, whole } = field
  const notes = [setBy === null ? about : `${about} Set by ${setBy}.`, rangeWords(field) && `(${rangeWords(field)})`, before && `The run: ${valueText(before.value)}.`]
  const common = { label: columnTitle(name), description: notes.filter(Boolean).join(' '), disabled: off || setBy !== null, id: `param-${name}` }
  switch (control) {
    case 'number':
      return (
        <NumberInput
          {...common} value={typeof value === 'number' ? value : ''} step={stepOf(field, value)} allowDecimal={!whole} decimalScale={whole ? 0 : 6} placeholder={typeof field.fallback === 'number' ? String(field.fallback) : 'none'}
          {...(least === null ? {} : { min: least })} {...(most === null ? {} : { max: most })} onChange={(next) => { if (typeof next === 'number' || next === '') onChange(next === '' ? undefined : next) }}
        />
      )
    case 'switch': return <Checkbox {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
    case 'choice': return <Select {...common} data={choices} value={typeof value === 'string' ? value : null} onChange={(next) => next !== null && onChange(next)} />
    case 'choices': return <MultiSelect {...common} data={choices} value={Array.isArray(value) ? value.map(String) : []} onChange={(next) => onChange(next.length === 0 ? undefined : next)} />
    default: return <Typed {...common} field={field} value={value} onChange={onChange} />
  }
}

/** What is typed as text is taken over with Enter or when the hand leaves it. */
function Typed({ field, value, onChange, ...common }: { field: ParamField; value: unknown; onChange: (value: unknown) => void; label: string; description: string; disabled: boolean; id: string }) {
  const [typed, setTyped] = useState<string | null>(null)
  const reading = typed === null ? null : readField(field, typed)
  const take = (): void => {
    if (typed === null || !reading || 'problem' in reading) return
    setTyped(null)
    if (typed !== fieldText(field, value)) onChange(reading.value)
  }
  return (
    <TextInput
      {...common} value={typed ?? fieldText(field, value)} error={reading && 'problem' in reading ? reading.problem : undefined} spellCheck={false} placeholder={fieldText(field, field.fallback) || 'none'}
      onChange={(event) => setTyped(event.currentTarget.value)} onBlur={take} onKeyDown={(event) => { if (event.key === 'Enter') take() }}
    />
  )
}
