/** Describes photos and their edited copies; one process a core. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { shrunk } from '../../../core/generator/editPicture.ts'
import { toSharp } from '../../../core/generator/raster.ts'
import { openImage } from '../../../core/images/openImage.ts'
import type { RgbPixels } from '../../../core/images/rawPixels.ts'
import { Random } from '../../../core/sample/random.ts'
import { serveParent } from '../../../core/workers/channel.ts'
import { prepareSharp } from '../prepareSharp.ts'
import { type Describer, openDescriber } from './describer.ts'
import { edits } from './edits.ts'
import type { Subject } from './modelsMeasured.ts'

export interface Task {
  readonly path: string
  /** What its edits are drawn from. */
  readonly name: string
  /** Whether copies are made of it. */
  readonly isQuery: boolean
  /** Pictures to paste, the first that can be opened. */
  readonly companions: readonly string[]
}

export interface Described {
  readonly sha256: string
  /** For each subject: its description of the photo. */
  readonly photo: readonly Float32Array[]
  /** For each subject, for each edit. */
  readonly copies: readonly (readonly Float32Array[])[]
}

/** Copies of larger photos are made of this many pixels a side: copies that go round are seldom larger, and edits of all pixels of a camera take seconds. */
const longestSide = 1024

prepareSharp()
let describers: readonly Describer[] = []

const describeProcess = {
  hello: (): true => true,

  async open(subjects: readonly Subject[]): Promise<void> {
    describers = await Promise.all(subjects.map(openDescriber))
  },

  /** Throws DecodeFailure where the photo cannot be opened. */
  async describe({ path, name, isQuery, companions }: Task): Promise<Described> {
    const bytes = await readFile(path)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    // Before the models: whatever cannot be opened is out for all of them.
    const image = await shrunk(await (await openImage(bytes)).rgb(), longestSide)
    const photo = await everyDescription(bytes)
    const copies = describers.map((): Float32Array[] => [])
    if (isQuery) {
      for (const { name: edit, make } of edits) {
        const edited = await make({ image, random: Random.of('models', name, edit), companion: async () => await firstOf(companions) })
        // Without loss, so that nothing but the edit is in it.
        const descriptions = await everyDescription(await toSharp(edited).png({ compressionLevel: 1 }).toBuffer())
        for (const [s, description] of descriptions.entries()) copies[s]?.push(description)
      }
    }
    return { sha256, photo, copies }
  }
}
export type DescribeProcess = typeof describeProcess

async function everyDescription(bytes: Buffer): Promise<Float32Array[]> {
  const descriptions: Float32Array[] = []
  for (const describer of describers) descriptions.push(await describer.describe(bytes))
  return descriptions
}

async function firstOf(paths: readonly string[]): Promise<RgbPixels> {
  let failure: unknown = new Error('There is no other photo to paste.')
  for (const path of paths) {
    try {
      return await shrunk(await (await openImage(await readFile(path))).rgb(), longestSide)
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

serveParent(describeProcess)
