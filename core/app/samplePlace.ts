import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withSuffix } from '../project/project.ts'
import type { Places } from './home.ts'

export const sampleName = 'Sample'

/** The sample project lies with the app's own files, not among the user's. */
export const sampleFolder = ({ home }: Places): string => withSuffix(join(home, 'sample', sampleName))

export const sampleExists = (places: Places): boolean => existsSync(join(sampleFolder(places), 'project.db'))
