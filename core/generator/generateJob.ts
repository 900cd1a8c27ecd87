import type { JobHandler } from '../jobs/job.ts'
import { generateSet } from './generateSet.ts'

/** Makes a set of edited pictures outside of the project. Resumed after a kill or a cancel, it goes on with the files that are missing. */
export const generateJob: JobHandler<'generate'> = async ({ spec }, { engine, project, signal, report, fail }) => {
  const { out, files, pairs, failed, alreadyThere } = await generateSet({ project, vision: engine.vision, spec, signal, report, fail })
  const parts = Object.entries(files).map(([role, count]) => `${count.toLocaleString('en')} ${role}`).join(', ')
  const judged = pairs > 0 ? `, ${pairs.toLocaleString('en')} pairs to judge` : ''
  const problems = failed > 0 ? ` ${failed.toLocaleString('en')} could not be made.` : ''
  return { result: alreadyThere ? `The set in ${out} was already whole: ${parts}${judged}.` : `${parts}${judged} in ${out}.${problems}`, data: { out, files, pairs, failed } }
}
