import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { saveCopy } from './recipeActs.ts'
import { recipeQueries } from './recipeQueries.ts'
import { asName, copyTitle, freeName, withSet } from './rules/copies.ts'
import { valueText } from './rules/runDifferences.ts'
import type { RecipeView } from './useRecipe.ts'

/** Keeps the recipe, with the values that were set, under a name of its own. */
export function SaveCopy({ view, what, onClose }: { view: RecipeView; what: 'plain' | 'values'; onClose: () => void }) {
  const { data: list } = useQuery(recipeQueries.list)
  const taken = new Set(list?.map(({ name }) => name))
  const [title, setTitle] = useState(() => copyTitle(view.body.title))
  const [typed, setTyped] = useState<string | null>(null)
  const name = typed ?? freeName(view.body.name, taken)
  const set = what === 'values' ? view.set : {}
  const problem = name !== asName(name) || name === '' ? 'Lower-case letters, digits and dashes, a letter first.' : list?.some((one) => one.name === name && one.builtIn) ? 'A recipe that comes with Winnow has this name.' : null
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (problem === null && await saveCopy({ ...withSet(view.body, set), name, title: title.trim() || name }, { options: view.options, set: {} })) onClose()
  }
  return (
    <Modal opened onClose={onClose} title="Save as a recipe of your own">
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <TextInput label="Title" data-autofocus onFocus={(event) => event.currentTarget.select()} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
          <TextInput label="Name" description={taken.has(name) && problem === null ? 'There is a recipe of yours with this name: it is replaced.' : 'What “winnow run” calls it.'} value={name} error={problem} onChange={(event) => setTyped(event.currentTarget.value)} spellCheck={false} />
          {Object.keys(set).length > 0 && <Text size="xs">With {Object.entries(set).map(([place, value]) => `${place} = ${valueText(value)}`).join(', ')}.</Text>}
          <Group justify="end"><Button variant="default" onClick={onClose}>Cancel</Button><Button type="submit" disabled={problem !== null}>Save</Button></Group>
        </Stack>
      </form>
    </Modal>
  )
}
