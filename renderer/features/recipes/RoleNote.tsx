import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { OptionValues, Recipe } from '../../../core/contract/recipes.ts'
import { queries } from '../../app/queries.ts'
import { go } from '../../app/route.ts'
import { roleNeeds } from './rules/roleCheck.ts'
import css from './RecipeWork.module.css'

/** Says which roles the recipe needs that no image has. */
export function RoleNote({ recipe, values }: { recipe: Recipe; values: OptionValues }) {
  const { data: facets } = useQuery(queries.facets({}))
  if (!facets) return null
  const missing = roleNeeds(recipe, values, new Map(facets.role.map(({ value, count }) => [value, count]))).filter(({ images }) => images === 0)
  if (missing.length === 0) return null
  const roles = missing.map((need) => need.roles.join(' or '))
  return (
    <div className={css.note} role="status">
      <IconAlertTriangle size={15} />
      <span>No image has the role {roles.length > 1 ? `${roles.slice(0, -1).join(', ')} or ${roles.at(-1)}` : roles[0]}. Give a folder that role in the settings.</span>
      <Button variant="default" size="compact-xs" onClick={() => go('settings')}>Folders and roles</Button>
    </div>
  )
}
