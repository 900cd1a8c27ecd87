import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { generateSpec, type GenerateSpec } from '../contract/generator.ts'
import { WinnowError } from '../domain/errors.ts'
import { systemError } from '../domain/systemErrors.ts'
import { manifestName } from './records.ts'
import { type SetSummary, truthFileNames } from './truthFiles.ts'

/** Raise it when the same spec would now give other files. */
const generatorVersion = 1

const noteName = 'set.json'
const begunName = '.begun'
export const recordsName = '.records.jsonl'

const note = z.object({
  madeBy: z.string(),
  version: z.number(),
  fingerprint: z.string(),
  spec: generateSpec,
  files: z.record(z.string(), z.number()),
  pairs: z.number()
})

/** Names everything that decides what is in a set, wherever it is put. */
export const planFingerprint = (spec: GenerateSpec, sourcesHash: string): string =>
  createHash('sha256').update(JSON.stringify([generatorVersion, { ...spec, out: '' }, sourcesHash])).digest('hex')

/** What is in the set at `out`, where it is whole and the one with this fingerprint; otherwise null. */
export async function finishedSet(out: string, fingerprint: string): Promise<Pick<SetSummary, 'files' | 'pairs'> | null> {
  const text = await readFile(join(out, noteName), 'utf8').catch(() => null)
  const found = text === null ? null : parsed(text)
  if (found?.fingerprint !== fingerprint) return null
  await removeTraces(out)
  return { files: found.files, pairs: found.pairs }
}

function parsed(text: string): z.infer<typeof note> | null {
  try {
    return note.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** The hidden folder beside `out` in which the set is made: that of an earlier run of the very same set, or an empty one. */
export async function openWorkFolder(out: string, fingerprint: string): Promise<string> {
  const work = join(dirname(out), `.winnow-generate-${createHash('sha256').update(basename(out)).digest('hex').slice(0, 10)}`)
  const begun = join(work, begunName)
  try {
    const earlier = await readFile(begun, 'utf8').catch(() => null)
    if (earlier === fingerprint) {
      // What its end had begun to write is written again.
      for (const name of [noteName, manifestName, ...truthFileNames]) await rm(join(work, name), { force: true })
      return work
    }
    await rm(work, { recursive: true, force: true, maxRetries: 3 })
    await mkdir(work, { recursive: true })
    await writeFile(begun, fingerprint, { flush: true })
    return work
  } catch (error) {
    throw systemError(error, work) ?? error
  }
}

/** Writes set.json and puts the folder in its place. Throws CONFLICT where something has come there meanwhile. */
export async function finishSet({ work, out, fingerprint, spec, summary }: { work: string; out: string; fingerprint: string; spec: GenerateSpec; summary: Pick<SetSummary, 'files' | 'pairs'> }): Promise<void> {
  const whole: z.infer<typeof note> = { madeBy: 'winnow generate', version: generatorVersion, fingerprint, spec, ...summary }
  await writeFile(join(work, noteName), `${JSON.stringify(whole, null, 1)}\n`, { flush: true })
  try {
    // An empty folder gives way.
    await rmdir(out).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await rename(work, out)
  } catch (error) {
    throw new WinnowError('CONFLICT', `${out} could not be put in place: something came there while the set was being made (${(error as Error).message}). Choose another folder.`)
  }
  await removeTraces(out)
}

/** What the making left in a finished set. */
async function removeTraces(out: string): Promise<void> {
  for (const name of [recordsName, begunName]) await rm(join(out, name), { force: true })
}
