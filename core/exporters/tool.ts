import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** This program and its version, as an export names what made it. */
export const tool = { name: 'winnow', version: z.object({ version: z.string() }).parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version }
