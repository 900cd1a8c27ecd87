import { Button, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useActions } from '../../app/actions.ts'
import { showDone } from '../../app/notify.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { duplicate, saveCopy, saveRecipe } from './recipeActs.ts'
import { recipeQueries } from './recipeQueries.ts'
import { setDraft, useRecipes } from './recipesStore.ts'
import { asName, freeName } from './rules/copies.ts'
import { recipeText } from './rules/recipeText.ts'
import { lineOf, offsetOf } from './rules/textPlaces.ts'
import { TextArea } from './TextArea.tsx'
import type { RecipeView } from './useRecipe.ts'
import css from './RecipeEditor.module.css'

/** The recipe as its JSON text: edited, checked while typing, saved as one's own. */
export function RecipeEditor({ view }: { view: RecipeView }) {
  const field = useRef<HTMLTextAreaElement>(null)
  const { data: list } = useQuery(recipeQueries.list)
  const draft = useRecipes((state) => state.drafts[view.name])
  const original = recipeText(view.saved)
  const text = draft ?? original
  const [asked] = useDebouncedValue(text, 200)
  const check = useQuery({ ...recipeQueries.check(asked), placeholderData: keepPreviousData })
  const settled = asked === text && check.data !== undefined && !check.isPlaceholderData
  const problems = check.data?.problems ?? []
  const recipe = settled ? check.data?.recipe ?? null : null
  const taken = new Set(list?.map(({ name }) => name))
  const comesWithWinnow = recipe !== null && (list?.some(({ name, builtIn }) => builtIn && name === recipe.name) ?? false)
  const [typed, setTyped] = useState<string | null>(null)
  const copyName = typed ?? freeName(view.name, taken)
  const canSave = recipe !== null && (draft !== undefined) && (!comesWithWinnow || (copyName === asName(copyName) && copyName !== ''))

  const save = async (): Promise<void> => {
    if (!recipe || !canSave) return
    const saved = comesWithWinnow ? { ...recipe, name: copyName, title: recipe.title === view.saved.title ? `${recipe.title} (copy)` : recipe.title } : recipe
    const here = saved.name === view.name
    if (!(here ? await saveRecipe(saved) : await saveCopy(saved))) return
    setDraft(view.name, null)
    setTyped(null)
    if (here) showDone(`Saved “${saved.title}”.`, { label: 'Undo', run: () => void saveRecipe(view.saved) })
  }
  const goTo = (at: string): void => {
    const offset = offsetOf(text, at)
    const area = field.current
    if (offset === null || !area) return
    area.focus()
    area.setSelectionRange(offset, offset)
  }
  useActions('Recipe text', [
    { id: 'recipe.save', title: 'Save the recipe', keys: ['Mod+S'], hint: 'save', typing: true, when: () => canSave, run: () => void save() },
    { id: 'recipe.reset', title: 'Forget what was edited', when: () => draft !== undefined, run: () => setDraft(view.name, null) }
  ])

  return (
    <div className={css.editor}>
      <div className={css.bar}>
        {comesWithWinnow && draft !== undefined
          ? <TextInput aria-label="Name of your copy" description={`“${view.name}” comes with Winnow and stays as it is: this is saved as your own.`} value={copyName} onChange={(event) => setTyped(event.currentTarget.value)} spellCheck={false} flex={1} />
          : <Text c="dimmed" flex={1}>{stateWords(view.builtIn, draft !== undefined, recipe !== null && recipe.name !== view.name && taken.has(recipe.name) ? recipe.name : null)}</Text>}
        <Button disabled={!canSave} rightSection={<Kbd keys="Mod+S" />} onClick={() => void save()}>{comesWithWinnow ? 'Save as your own' : 'Save'}</Button>
        <Button variant="default" disabled={draft === undefined} onClick={() => setDraft(view.name, null)}>Reset</Button>
        <Button variant="default" onClick={() => void duplicate(view.saved)}>Copy</Button>
      </div>
      <TextArea ref={field} label={`Text of ${view.name}`} value={text} bad={problems.flatMap(({ at }) => lineOf(text, at) ?? [])} onChange={(next) => setDraft(view.name, next === original ? null : next)} />
      <div className={css.problems} role="status" aria-live="polite">
        {problems.length === 0 && <span className={css.good}>{settled ? 'It is right: it can be run and saved.' : 'Checking…'}</span>}
        <ul>
          {problems.map(({ at, message }) => {
            const line = lineOf(text, at)
            return (
              <li key={`${at} ${message}`}>
                <button type="button" onClick={() => goTo(at)}>{line === null ? '' : `Line ${line}`} <b>{at.startsWith('line ') ? '' : at}</b> {message}</button>
              </li>
            )
          })}
        </ul>
      </div>
    </div>
  )
}

/** `other`: another recipe of one's own that would be written over. */
function stateWords(builtIn: boolean, edited: boolean, other: string | null): string {
  if (!edited) return builtIn ? 'It comes with Winnow. Edit the text, and save it as your own.' : 'A recipe of yours.'
  return other === null ? 'Edited, not saved yet.' : `Edited. Saving it replaces your recipe “${other}”.`
}
