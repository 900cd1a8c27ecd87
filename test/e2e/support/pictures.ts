import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './faces.ts'

export const sharedData = join(process.env.WINNOW_SHARED ?? join(root, '..', 'shared'), 'data')
export const noSharedData = existsSync(sharedData) ? null : `no real images: ${sharedData} is not there (WINNOW_SHARED)`

const classes = ['accordion', 'butterfly', 'camera', 'dollar_bill', 'pagoda', 'sunflower']

/** A folder like a user's: six classes of photos, edited copies of two pictures, one odd file of every format, unlabelled ones on top. */
export function realPictures(target: string): string {
  for (const name of classes) {
    mkdirSync(join(target, name), { recursive: true })
    for (const file of readdirSync(join(sharedData, 'photos-101', name)).slice(0, 14)) cpSync(join(sharedData, 'photos-101', name, file), join(target, name, file))
    // Two of each class lie about without a label.
    for (const file of readdirSync(join(sharedData, 'photos-101', name)).slice(14, 16)) cpSync(join(sharedData, 'photos-101', name, file), join(target, `${name}-${file}`))
  }
  cpSync(join(sharedData, 'edits', 'bridge'), join(target, 'bridge'), { recursive: true })
  cpSync(join(sharedData, 'edits', 'ukbench'), join(target, 'objects'), { recursive: true })
  for (const file of readdirSync(join(sharedData, 'formats'))) cpSync(join(sharedData, 'formats', file), join(target, file))
  return target
}
