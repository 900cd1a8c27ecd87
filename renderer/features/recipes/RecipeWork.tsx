import { Text } from '@mantine/core'
import { useState } from 'react'
import { OptionsForm } from './OptionsForm.tsx'
import { RoleNote } from './RoleNote.tsx'
import { RunBar } from './RunBar.tsx'
import { RunNumbers } from './RunNumbers.tsx'
import { StepList } from './StepList.tsx'
import type { RecipeView } from './useRecipe.ts'
import { WhatIfBar } from './WhatIfBar.tsx'
import css from './RecipeWork.module.css'

/** A recipe at work: what it is, what it needs, how it goes, and its steps. */
export function RecipeWork({ view }: { view: RecipeView }) {
  return (
    <div className={css.work} data-work tabIndex={-1}>
      <section className={css.head}>
        <h1>{view.body.title}</h1>
        <About view={view} />
        <OptionsForm recipe={view.body} name={view.name} values={view.options} />
        <RoleNote recipe={view.body} values={view.options} />
        <RunBar view={view} />
      </section>
      <RunNumbers view={view} />
      <WhatIfBar view={view} />
      <StepList view={view} />
    </div>
  )
}

function About({ view: { body } }: { view: RecipeView }) {
  const [open, setOpen] = useState(false)
  return (
    <div className={css.about}>
      <p data-open={open || undefined}>{body.about}</p>
      {open && body.source !== '' && <Text size="xs" c="dimmed">Source: {body.source}</Text>}
      {(body.source !== '' || body.about.length > 160) && <button type="button" className={css.more} aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Less' : 'Source and more'}</button>}
    </div>
  )
}
