import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../project/project.ts'
import { resultFolder, workFolder, workName } from './executor.ts'

/** Results of tried parameters that no run refers to stay for a while: sliders go back and forth. */
const spared = 100
/** What a killed step left is taken up by the same step; after two weeks nobody is going to. */
const leftForMilliseconds = 14 * 24 * 3600 * 1000

/**
 * Removes results that nothing needs any more, records first: a folder without a record is rubbish, a record without a folder is a promise
 * broken. What is being made has a folder and no record yet, and stays.
 */
export async function removeUnused(project: Project, making: { has(key: string): boolean }, spare = spared): Promise<void> {
  const { resultsFolder } = project
  const unused = (await project.read.recipes.unusedResults(spare)).filter(({ key }) => !making.has(key))
  await project.write.recipes.removeResults(unused.map(({ key }) => key))
  for (const { key } of unused) await remove(resultFolder(resultsFolder, key))
  const known = new Set(await project.read.recipes.resultKeys())
  for (const name of await readdir(resultsFolder)) {
    if (/^[0-9a-f]{32}$/.test(name) && !known.has(name) && !making.has(name)) await remove(resultFolder(resultsFolder, name))
    const unfinished = name.startsWith(`${workName}-`) ? name.slice(workName.length + 1) : null
    if (unfinished !== null && !making.has(unfinished)) await removeOld(join(resultsFolder, name))
  }
  for (const key of await readdir(join(resultsFolder, workName)).catch(() => [])) if (!making.has(key)) await removeOld(workFolder(resultsFolder, key))
}

const remove = async (folder: string): Promise<void> => await rm(folder, { recursive: true, force: true })

async function removeOld(folder: string): Promise<void> {
  const touched = (await stat(folder).catch(() => null))?.mtimeMs
  if (touched !== undefined && Date.now() - touched > leftForMilliseconds) await remove(folder)
}
