import { TextInput } from '@mantine/core'
import { useState } from 'react'
import type { StepType } from '../../../core/contract/recipes.ts'
import { Inspector, InspectorSection } from '../../components/Inspector.tsx'
import { paramFields, rangeWords } from './rules/paramFields.ts'
import { valueText } from './rules/runDifferences.ts'
import css from './RecipeEditor.module.css'

/** The step types that a recipe can use, beside its text. */
export function EditorHelp({ types }: { types: ReadonlyMap<string, StepType> }) {
  const [typed, setTyped] = useState('')
  const shown = [...types.values()].filter(({ use, title, about }) => `${use} ${title} ${about}`.toLowerCase().includes(typed.trim().toLowerCase()))
  return (
    <Inspector title="Step types">
      <InspectorSection title="What a step can use">
        <TextInput aria-label="Find a step type" placeholder="Find a step type" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} mb={8} />
        <ul className={css.steps}>{shown.map((type) => <li key={type.use}><Type type={type} /></li>)}</ul>
        {shown.length === 0 && <p className={css.help}>No step type has these words.</p>}
      </InspectorSection>
    </Inspector>
  )
}

function Type({ type: { use, title, about, inputs, output, params, transductive } }: { type: StepType }) {
  return (
    <details>
      <summary><code>{use}</code><span>{title}</span></summary>
      <div className={css.help}>
        <p>{about}</p>
        {inputs.map((input) => <p key={input.name}><code>from.{input.name}</code> {input.kinds.join(' or ')}{input.many ? ', several' : ''}{input.optional ? ', may be left out' : ''}. {input.about}</p>)}
        <p>It gives <code>{output}</code>.{transductive ? ' Transductive.' : ''}</p>
        {paramFields(params).map((field) => (
          <p key={field.name}><code>with.{field.name}</code> {field.about} {[rangeWords(field), field.choices.join(', '), field.fallback === undefined ? '' : `otherwise ${valueText(field.fallback)}`].filter(Boolean).join('; ')}</p>
        ))}
      </div>
    </details>
  )
}
