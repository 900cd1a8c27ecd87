import { Button, Center, Loader, SegmentedControl, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useProject } from '../../app/queries.ts'
import { go } from '../../app/route.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatCount } from '../../components/format.ts'
import { Room } from '../../components/Room.tsx'
import { EditorHelp } from './EditorHelp.tsx'
import { RecipeEditor } from './RecipeEditor.tsx'
import { RecipeList } from './RecipeList.tsx'
import { recipeQueries } from './recipeQueries.ts'
import { type RecipeTab, choose, showTab, startIn, useRecipes } from './recipesStore.ts'
import { RecipeWork } from './RecipeWork.tsx'
import { ResultTable } from './ResultTable.tsx'
import { RunHistory } from './RunHistory.tsx'
import { SaveCopy } from './SaveCopy.tsx'
import { StepInspector } from './StepInspector.tsx'
import { useRecipe } from './useRecipe.ts'
import { useRecipeActions } from './useRecipeActions.ts'

const tabs: { value: RecipeTab; label: string }[] = [{ value: 'steps', label: 'Steps' }, { value: 'runs', label: 'Runs' }, { value: 'text', label: 'As text' }]

/** Recipes: which there are, what one does step by step, what it made, and what it would make otherwise. */
export function RecipesRoom() {
  const { data: project } = useProject()
  useEffect(() => { if (project) startIn(project.id) }, [project])
  const list = useQuery(recipeQueries.list)
  const name = useRecipes((state) => state.name)
  const tab = useRecipes((state) => state.tab)
  const table = useRecipes((state) => state.table)
  const copying = useRecipes((state) => state.copying)
  const recipes = list.data
  useEffect(() => {
    if (!recipes || (name !== null && recipes.some((recipe) => recipe.name === name))) return
    const newest = recipes.toSorted((a, b) => (b.lastRun?.at ?? 0) - (a.lastRun?.at ?? 0))[0]
    if (newest) choose(newest.name)
  }, [recipes, name])
  const { view, error } = useRecipe(name)
  useRecipeActions(recipes, view)

  if (list.error) return <Room><Center h="100%"><ErrorNote title="The recipes could not be loaded." error={list.error} onRetry={() => void list.refetch()} /></Center></Room>
  if (!recipes || !project) return <Room><Center h="100%"><Loader size="sm" color="gray" /></Center></Room>
  if (project.counts.ready === 0) return <Room><EmptyState title="No images yet" actions={<Button onClick={() => go('library')}>Go to the library</Button>}>A recipe works on the images of the project. Add a folder first.</EmptyState></Room>
  const top = <SegmentedControl aria-label="What is shown of the recipe" value={tab} onChange={(value) => showTab(value as RecipeTab)} data={tabs} />
  return (
    <Room
      ownScroll top={top} scope={view ? formatCount(view.steps.length || view.body.steps.length, 'step') : undefined} side={<RecipeList recipes={recipes} />}
      {...(tab === 'runs' ? {} : { inspector: view && tab === 'text' ? <EditorHelp key="text" types={view.types} /> : view ? <StepInspector key="steps" view={view} /> : <Text p="md" size="xs" c="dimmed">Choose a recipe.</Text> })}
    >
      {error && !view && <Center h="100%"><ErrorNote title="The recipe could not be read." error={error} /></Center>}
      {!view && !error && <Center h="100%"><Loader size="sm" color="gray" /></Center>}
      {view && tab === 'steps' && <RecipeWork key={view.name} view={view} />}
      {view && tab === 'runs' && <RunHistory key={view.name} view={view} />}
      {view && tab === 'text' && <RecipeEditor key={view.name} view={view} />}
      {table !== null && view && <ResultTable resultId={table} title={view.steps.find(({ resultId }) => resultId === table)?.title ?? 'Result'} onClose={() => useRecipes.setState({ table: null })} />}
      {copying !== null && view && <SaveCopy view={view} what={copying} onClose={() => useRecipes.setState({ copying: null })} />}
    </Room>
  )
}
