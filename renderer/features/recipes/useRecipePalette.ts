import { useQuery } from '@tanstack/react-query'
import { useActions } from '../../app/actions.ts'
import { useProject } from '../../app/queries.ts'
import { go } from '../../app/route.ts'
import { recipeQueries } from './recipeQueries.ts'
import { choose, showTab, startIn } from './recipesStore.ts'

/** "Run recipe: Near-duplicates…" in the palette of every screen: goes to the recipe, where its options are asked for. */
export function useRecipePalette(): void {
  const { data: project } = useProject()
  const { data: recipes = [] } = useQuery({ ...recipeQueries.list, enabled: Boolean(project) })
  useActions('Recipes to run', recipes.map(({ name, title }) => ({
    id: `recipe.go.${name}`, title: `Run recipe: ${title}…`, when: () => Boolean(project),
    run: () => {
      if (project) startIn(project.id)
      choose(name)
      showTab('steps')
      go('recipes')
    }
  })))
}
