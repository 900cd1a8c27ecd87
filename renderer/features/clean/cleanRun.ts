import type { Job } from '../../../core/contract/jobs.ts'
import type { OptionValues, Recipe } from '../../../core/contract/recipes.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { queries, queryClient } from '../../app/queries.ts'
import { useClean } from './cleanStore.ts'
import { quickRecipe } from './quickRecipe.ts'

export const recipeName = 'gldv2-clean'

export interface CleanRunWish {
  readonly by: 'geometry' | 'neighbours'
  /** CSV image,clean or image,foreign; empty for none. */
  readonly truth: string
}

async function bodyOf({ by }: CleanRunWish): Promise<{ recipe: string } | { body: Recipe }> {
  if (by === 'geometry') return { recipe: recipeName }
  return { body: quickRecipe((await client.recipes.read({ name: recipeName })).recipe) }
}

/** Runs the cleaning recipe, or only its quick part. */
export async function startCleaning(wish: CleanRunWish): Promise<void> {
  const options: OptionValues = { ...(wish.truth.trim() === '' ? {} : { truth: wish.truth.trim() }), ...(wish.by === 'neighbours' ? { mutual: true } : {}) }
  try {
    const job = await client.jobs.start({ kind: 'recipe', ...(await bodyOf(wish)), options })
    useClean.setState({ jobId: job.id, asking: false, resultId: null, trial: null, at: null, pinned: null, label: null })
    await queryClient.invalidateQueries({ queryKey: queries.jobs.queryKey })
  } catch (error) {
    showError(error, 'The cleaning did not start.')
  }
}

export const isRunning = (job: Job | undefined): boolean => job?.state === 'queued' || job?.state === 'running'
