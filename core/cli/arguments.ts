import { InvalidArgumentError } from 'commander'

/** Readers of option values; commander turns what they throw into a usage error (exit code 2). */
export function wholeNumber(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

export function portNumber(text: string): number {
  const port = wholeNumber(text)
  if (port > 65535) throw new InvalidArgumentError('A port lies between 0 and 65535.')
  return port
}

export function numberText(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.')
  return value
}

/** A similarity, a score or a share. */
export function fraction(text: string): number {
  const value = numberText(text)
  if (value < 0 || value > 1) throw new InvalidArgumentError('It must lie between 0 and 1.')
  return value
}

/** "640x480", or "224" for a square. */
export function sizeText(text: string): { width: number; height: number } {
  const [, width, height] = /^(\d{1,5})(?:x(\d{1,5}))?$/i.exec(text) ?? []
  if (!width) throw new InvalidArgumentError('Write it as 224 or 640x480.')
  return { width: Number(width), height: Number(height ?? width) }
}

/** "0.485,0.456,0.406" */
export function threeNumbers(text: string): [number, number, number] {
  const [a, b, c, ...more] = text.split(',').map(numberText)
  if (a === undefined || b === undefined || c === undefined || more.length > 0) throw new InvalidArgumentError('Write three numbers with commas between them.')
  return [a, b, c]
}

/** One of a few words. */
export const exactly = <T extends string>(words: readonly T[]) => (text: string): T => {
  const word = words.find((one) => one === text)
  if (word === undefined) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`)
  return word
}
