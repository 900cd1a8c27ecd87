import { Checkbox, NumberInput, Select, TagsInput, TextInput, Autocomplete } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { OptionValues, Recipe, RecipeOption } from '../../../core/contract/recipes.ts'
import { queries } from '../../app/queries.ts'
import { FileField } from './FileField.tsx'
import { setOptions } from './recipesStore.ts'
import { type OptionValue, optionValue, withOption } from './rules/options.ts'
import css from './RecipeWork.module.css'

/** What is chosen anew for each run. */
export function OptionsForm({ recipe, name, values }: { recipe: Recipe; name: string; values: OptionValues }) {
  const entries = Object.entries(recipe.options)
  if (entries.length === 0) return null
  return (
    <div className={css.options} data-options>
      {entries.map(([key, option]) => (
        <div key={key} className={option.type === 'file' || option.type === 'models' ? css.wide : undefined}>
          <OptionField option={option} value={optionValue(option, values, key)} onChange={(value) => setOptions(name, withOption(values, key, value))} />
        </div>
      ))}
    </div>
  )
}

interface FieldProps {
  readonly option: RecipeOption
  readonly value: OptionValue | undefined
  readonly onChange: (value: OptionValue | undefined) => void
}

function OptionField({ option, value, onChange }: FieldProps) {
  const { title, about, required } = option
  const common = { label: title, description: about || undefined, required }
  switch (option.type) {
    case 'model': return <ModelField {...common} value={typeof value === 'string' ? value : ''} onChange={onChange} />
    case 'models': return <ModelsField {...common} value={Array.isArray(value) ? value : typeof value === 'string' ? [value] : []} onChange={onChange} />
    case 'file': return <FileField {...common} value={typeof value === 'string' ? value : ''} onChange={onChange} />
    case 'number': return <NumberInput {...common} value={typeof value === 'number' ? value : ''} onChange={(next) => onChange(typeof next === 'number' ? next : undefined)} />
    case 'boolean': return <Checkbox mt={22} label={title} description={about || undefined} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
    case 'choice': return <Select {...common} data={option.choices ?? []} value={typeof value === 'string' ? value : null} onChange={(next) => onChange(next ?? undefined)} />
    case 'text': return <TextInput {...common} value={typeof value === 'string' ? value : ''} onChange={(event) => onChange(event.currentTarget.value)} />
  }
}

interface ModelProps {
  readonly label: string
  readonly description: string | undefined
  readonly required: boolean
}

/** Names that can be chosen; a size may be written behind one: "id@320". */
function useModelNames(): string[] {
  const { data: models = [] } = useQuery(queries.models)
  return ['default', ...models.filter(({ state }) => state === 'ready').map(({ card }) => card.id)]
}

function ModelField({ value, onChange, ...common }: ModelProps & { value: string; onChange: (value: string) => void }) {
  const names = useModelNames()
  // With a whole name in the field all of them are offered; while typing, those that fit.
  return <Autocomplete {...common} data={names} value={value} onChange={onChange} filter={({ options, search }) => (names.includes(search) ? options : options.filter((one) => 'value' in one && one.value.includes(search.toLowerCase())))} placeholder="default" spellCheck={false} />
}

const ModelsField = ({ value, onChange, ...common }: ModelProps & { value: string[]; onChange: (value: string[]) => void }) =>
  <TagsInput {...common} data={useModelNames()} value={value} onChange={onChange} placeholder={value.length === 0 ? 'default' : ''} splitChars={[',', ' ']} spellCheck={false} />
