import { Switch, Text } from '@mantine/core'
import type { DatasetLayout } from '../../../core/contract/project.ts'
import { roleWords } from './intakeForm.ts'
import css from './IntakePage.module.css'

interface Props {
  readonly layout: DatasetLayout
  readonly chosen: boolean
  readonly onChange: (chosen: boolean) => void
}

/** A published set was recognised: its folders come in with their roles, and its tables are named with what they are good for. */
export function DatasetSets({ layout, chosen, onChange }: Props) {
  return (
    <section className={css.box}>
      <h2>{layout.title}</h2>
      <Switch label="Bring in its folders with their roles" checked={chosen} onChange={(event) => onChange(event.currentTarget.checked)} description="otherwise the folder comes in as one, with the role chosen below" mb="sm" />
      {layout.sets.map(({ folder, title, role }) => (
        <Text key={folder} size="sm"><b>{folder === '' ? 'this folder' : folder}</b>: {title}, as {roleWords.find(({ value }) => value === role)?.label.toLowerCase()}</Text>
      ))}
      {layout.files.map(({ path, title }) => <Text key={path} size="sm" c="dimmed"><b>{path}</b>: {title}; a recipe takes it as a file</Text>)}
    </section>
  )
}
