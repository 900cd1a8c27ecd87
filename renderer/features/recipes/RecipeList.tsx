import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { RecipeSummary } from '../../../core/contract/recipes.ts'
import { formatWhen } from '../../components/format.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { StateMark } from '../../components/StateMark.tsx'
import { choose, useRecipes } from './recipesStore.ts'
import { shortHeadline } from './rules/metricRows.ts'
import { neighbour, shownRecipes } from './rules/recipeList.ts'
import css from './RecipeList.module.css'

/** The recipes of Winnow, then one's own, with what their last runs found. */
export function RecipeList({ recipes }: { recipes: readonly RecipeSummary[] }) {
  const typed = useRecipes((state) => state.typed)
  const name = useRecipes((state) => state.name)
  const shown = shownRecipes(recipes, typed)
  const own = shown.findIndex(({ builtIn }) => !builtIn)
  const move = (by: number): void => {
    const next = neighbour(shown.map((recipe) => recipe.name), name, by)
    if (next !== null) choose(next)
  }
  return (
    <div className={css.panel}>
      <TextInput
        id="recipe-filter" className={css.filter} aria-label="Find a recipe" placeholder="Find a recipe" leftSection={<IconSearch size={14} />} rightSection={<Kbd keys="/" />} value={typed}
        onChange={(event) => useRecipes.setState({ typed: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault()
            move(event.key === 'ArrowDown' ? 1 : -1)
          }
          if (event.key === 'Enter') {
            const first = shown.find((recipe) => recipe.name === name) ?? shown[0]
            if (first) choose(first.name)
            event.currentTarget.blur()
          }
        }}
      />
      {shown.length === 0 && <p className={css.none}>No recipe has these words.</p>}
      <ul className={css.list} aria-label="Recipes">
        {shown.map((recipe, index) => (
          <li key={recipe.name}>
            {index === own && <h3 className={css.heading}>Yours</h3>}
            <Entry recipe={recipe} chosen={recipe.name === name} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Entry({ recipe, chosen }: { recipe: RecipeSummary; chosen: boolean }) {
  const { name, title, about, lastRun, builtIn, valid } = recipe
  const frame = useRef<HTMLButtonElement>(null)
  const isDraft = useRecipes((state) => state.drafts[name] !== undefined)
  useEffect(() => { if (chosen) frame.current?.scrollIntoView({ block: 'nearest' }) }, [chosen])
  return (
    <button ref={frame} type="button" className={css.entry} aria-current={chosen || undefined} onClick={() => choose(name)} title={about}>
      <span className={css.title}>{title}{!builtIn && <i className={css.badge}>yours</i>}{isDraft && <i className={css.badge}>edited</i>}</span>
      {!valid && <span className={css.bad}>cannot be run as it stands</span>}
      {lastRun ? <LastRun run={lastRun} /> : <span className={css.about}>{about}</span>}
    </button>
  )
}

const runMarks = { done: 'accept', failed: 'reject', cancelled: 'unsure' } as const

function LastRun({ run: { state, at, headline } }: { run: NonNullable<RecipeSummary['lastRun']> }) {
  const mark = state === 'done' || state === 'failed' || state === 'cancelled' ? runMarks[state] : null
  return (
    <span className={css.run}>
      {mark ? <StateMark mark={mark} size={12} title={state} /> : <span className={css.going} role="img" aria-label="running" />}
      <span className={css.number}>{headline ? shortHeadline(headline) : state}</span>
      <span className={css.when}>{formatWhen(at)}</span>
    </span>
  )
}
