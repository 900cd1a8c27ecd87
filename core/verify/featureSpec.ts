import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type LocalFeaturesCard, localFeaturesCard } from '../contract/localFeatures.ts'
import { WinnowError } from '../domain/errors.ts'
import { systemError } from '../domain/systemErrors.ts'
import { folderMark } from './folderMark.ts'
import type { DelfSettings, FeatureSettings, OrbSettings } from './settings.ts'

/** A card for local features, and where its model lies. */
export interface FeatureModel {
  readonly kind: 'model'
  readonly card: LocalFeaturesCard
  /** Absolute path of the ONNX file. */
  readonly file: string
  readonly features: number
}

/** A folder of DELF files, and which files these are: what was read from it holds for these alone. */
export interface DelfFiles extends DelfSettings {
  readonly mark: string
}

/** Where features come from, with everything a worker needs. */
export type FeatureSpec = OrbSettings | FeatureModel | DelfFiles

/** Raise it when the same settings would now give other features. */
const version = 2
const openCv = '5.0.0-release.1'

/** Reads a card for local features. Throws BAD_INPUT naming the file, the field and what is expected there. */
export function parseFeatureCard(text: string, file: string): LocalFeaturesCard {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new WinnowError('BAD_INPUT', `${file} is not JSON: ${(error as Error).message}`)
  }
  const parsed = localFeaturesCard.safeParse(json)
  if (!parsed.success) throw new WinnowError('BAD_INPUT', `${file}: ${parsed.error.issues.slice(0, 3).map(({ path, message }) => `field "${path.join('.') || '(whole card)'}": ${message}`).join('; ')}.`)
  if (parsed.data.std.includes(0)) throw new WinnowError('BAD_INPUT', `${file}: field "std" must not hold a zero: values are divided by it.`)
  return parsed.data
}

/** Settings with what they name read in. Throws NOT_FOUND, UNAVAILABLE or BAD_INPUT where a card or a folder is not in order. */
export async function featureSpec(settings: FeatureSettings): Promise<FeatureSpec> {
  if (settings.kind === 'delf') return { ...settings, mark: await folderMark(settings.folder) }
  if (settings.kind === 'orb') return settings
  const path = resolve(settings.card)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw systemError(error, path) ?? error
  }
  const card = parseFeatureCard(text, path)
  return { kind: 'model', card, file: join(dirname(path), card.file), features: settings.features }
}

/** Names everything that decides the features of an image besides its content. */
export function featureFingerprint(spec: FeatureSpec): string {
  const parts = spec.kind === 'orb' ? [version, openCv, spec] : spec.kind === 'model' ? [version, spec.card, spec.features] : [version, spec]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)
}
