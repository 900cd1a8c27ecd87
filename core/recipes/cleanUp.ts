import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../project/project.ts'
import { resultFolder } from './executor.ts'

/** Results of tried parameters that no run refers to stay for a while: sliders go back and forth. */
const spared = 100

/** Removes results that nothing needs any more, records first: a folder without a record is rubbish, a record without a folder is a promise broken. */
export async function removeUnused(project: Project, spare = spared): Promise<void> {
  const unused = await project.read.recipes.unusedResults(spare)
  await project.write.recipes.removeResults(unused.map(({ key }) => key))
  for (const { key } of unused) await rm(resultFolder(project.resultsFolder, key), { recursive: true, force: true })
  const known = new Set(await project.read.recipes.resultKeys())
  for (const name of await readdir(project.resultsFolder)) {
    if (/^[0-9a-f]{32}$/.test(name) && !known.has(name)) await rm(join(project.resultsFolder, name), { recursive: true, force: true })
  }
}
