import { Select, Switch, TagsInput } from '@mantine/core'
import type { ImageRole } from '../../../core/contract/common.ts'
import type { RootPreview } from '../../../core/contract/project.ts'
import { formatCount } from '../../components/format.ts'
import { type IntakeForm, roleWords } from './intakeForm.ts'
import css from './IntakePage.module.css'

interface Props {
  readonly form: IntakeForm
  readonly preview: RootPreview
  readonly onChange: (form: IntakeForm) => void
}

/** How the folder comes in. Everything here can be changed later in Settings. */
export function IntakeOptions({ form, preview, onChange }: Props) {
  return (
    <section className={css.box}>
      <h2>Options</h2>
      <div className={css.options}>
        <Switch
          label="Sub-folders are classes" checked={form.labelsFromFolders} onChange={(event) => onChange({ ...form, labelsFromFolders: event.currentTarget.checked })}
          description={preview.classes.length > 0 ? `${formatCount(preview.classes.length, 'folder')} would become classes` : 'there are none here'}
        />
        <Switch
          label="Protected" checked={form.protected} onChange={(event) => onChange({ ...form, protected: event.currentTarget.checked })}
          description="its images are kept before others when there are copies"
        />
        <Select
          label="What the images are for" value={form.role} onChange={(value) => value && onChange({ ...form, role: value as ImageRole })}
          data={roleWords.map(({ value, label }) => ({ value, label }))} description={roleWords.find((one) => one.value === form.role)?.note}
        />
        <TagsInput label="Only" description="globs; Enter adds one" placeholder={form.include.length > 0 ? '' : 'everything'} value={[...form.include]} onChange={(include) => onChange({ ...form, include })} />
        <TagsInput label="Without" description="globs; Enter adds one" placeholder={form.exclude.length > 0 ? '' : '**/cache/**'} value={[...form.exclude]} onChange={(exclude) => onChange({ ...form, exclude })} />
      </div>
    </section>
  )
}
