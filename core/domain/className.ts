import { WinnowError } from './errors.ts'

/** Two names are the same class when their keys are equal: trimmed, in Unicode's composed form, without regard to case. */
export const classKey = (name: string): string => name.trim().normalize('NFC').toLowerCase()

const controlCharacters = /[\p{Cc}\p{Zl}\p{Zp}]/u

/** The name as it is stored. Throws BAD_INPUT for an empty name and for control characters, which no list or folder could show. */
export function checkClassName(name: string): string {
  const trimmed = name.trim().normalize('NFC')
  if (trimmed === '') throw new WinnowError('BAD_INPUT', 'A class needs a name. Type at least one character.')
  if (controlCharacters.test(trimmed)) throw new WinnowError('BAD_INPUT', `The class name ${JSON.stringify(trimmed)} has control characters (such as a line break). Leave them out.`)
  if (trimmed.length > 255) throw new WinnowError('BAD_INPUT', `The class name "${trimmed.slice(0, 40)}…" has ${trimmed.length} characters; 255 are the most.`)
  return trimmed
}

/** A folder's name as a class name: control characters, which folders may hold, become spaces. */
export const classNameOfFolder = (folder: string): string =>
  folder.replace(new RegExp(controlCharacters, 'gu'), ' ').trim().normalize('NFC') || '(no name)'
