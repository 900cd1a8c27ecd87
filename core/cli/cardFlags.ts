import type { Command } from 'commander'
import type { ModelCard, ModelInspection } from '../contract/models.ts'
import { modelCard } from '../contract/models.ts'
import { WinnowError } from '../domain/errors.ts'
import { exactly, fraction, numberText, sizeText, threeNumbers, wholeNumber } from './arguments.ts'

/** The usual ways to turn bytes into numbers: value = (pixel / 255 * scale - mean) / std. */
const valueRanges = {
  imagenet: { scale: 1, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  clip: { scale: 1, mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] },
  'minus-one-to-one': { scale: 2, mean: [1, 1, 1], std: [1, 1, 1] },
  'zero-to-one': { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
  'zero-to-255': { scale: 255, mean: [0, 0, 0], std: [1, 1, 1] }
} as const
const rangeNames = Object.keys(valueRanges) as (keyof typeof valueRanges)[]

/** What a flag says of the card: fields (dotted) with their values. */
type Said = ReadonlyMap<string, unknown>

interface Flag {
  readonly flags: string
  readonly help: string
  /** The card's field whose question this answers. */
  readonly field: string
  readonly read?: (text: string) => unknown
  readonly say?: (value: unknown) => readonly (readonly [string, unknown])[]
}

const flags: readonly Flag[] = [
  { flags: '--id <id>', help: 'the id it gets here', field: 'id' },
  { flags: '--name <name>', help: 'how it is called', field: 'name' },
  { flags: '--description <text>', help: 'what it is', field: 'description' },
  {
    flags: '--size <size>', help: 'of the input: 224 or 640x480', field: 'input.width', read: sizeText,
    say: (value) => Object.entries(value as { width: number; height: number }).map(([side, length]) => [`input.${side}`, length] as const)
  },
  { flags: '--layout <layout>', help: 'NCHW or NHWC', field: 'input.layout', read: exactly(['NCHW', 'NHWC']) },
  { flags: '--resize <mode>', help: 'squash, crop or letterbox', field: 'resize.mode', read: exactly(['squash', 'crop', 'letterbox']) },
  { flags: '--interpolation <name>', help: 'nearest, bilinear, bicubic, lanczos3 or area', field: 'resize.interpolation', read: exactly(['nearest', 'bilinear', 'bicubic', 'lanczos3', 'area']) },
  { flags: '--resampling <library>', help: 'whose pixels, exactly: pillow, opencv or torch; fast for near enough', field: 'resize.method', read: exactly(['fast', 'pillow', 'opencv', 'torch']) },
  { flags: '--crop-fraction <share>', help: "for --resize crop: timm's crop_pct", field: 'resize.cropFraction', read: fraction },
  { flags: '--colour <order>', help: 'RGB or BGR', field: 'colour', read: exactly(['RGB', 'BGR']) },
  { flags: '--values <range>', help: `mean, std and scale by name: ${rangeNames.join(', ')}`, field: 'mean', read: exactly(rangeNames), say: (value) => Object.entries(valueRanges[value as keyof typeof valueRanges]) },
  { flags: '--scale <number>', help: 'value = (pixel / 255 * scale - mean) / std', field: 'scale', read: numberText },
  { flags: '--mean <r,g,b>', help: 'such as 0.485,0.456,0.406', field: 'mean', read: threeNumbers },
  { flags: '--std <r,g,b>', help: 'such as 0.229,0.224,0.225', field: 'std', read: threeNumbers },
  { flags: '--output <name>', help: 'which output is the embedding', field: 'output.name' },
  { flags: '--dim <number>', help: 'how many values the embedding has', field: 'output.dim', read: wholeNumber },
  { flags: '--pooling <name>', help: 'none, mean, max, cls or gem', field: 'output.pooling', read: exactly(['none', 'mean', 'max', 'cls', 'gem']) },
  { flags: '--licence <name>', help: 'under which it may be used', field: 'licence' },
  { flags: '--source <where>', help: 'where it comes from (an address, a paper)', field: 'source' },
  { flags: '--threshold <similarity>', help: 'cosine from which two images are near-duplicates for it', field: 'nearDuplicate.threshold', read: fraction },
  { flags: '--floor <similarity>', help: 'the lowest cosine its threshold may be moved to', field: 'nearDuplicate.floor', read: fraction }
]

const keyOf = ({ flags: text }: Flag): string => /--([\w-]+)/.exec(text)?.[1]?.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) ?? ''

/** The flags for what an ONNX file cannot say of itself. */
export function addCardFlags(command: Command): Command {
  for (const flag of flags) {
    if (flag.read) command.option(flag.flags, flag.help, flag.read)
    else command.option(flag.flags, flag.help)
  }
  return command.option('--no-normalise', 'leave the vectors at their own length')
}

export function saidByFlags(options: Readonly<Record<string, unknown>>): Said {
  const said = new Map<string, unknown>()
  for (const flag of flags) {
    const value = options[keyOf(flag)]
    if (value === undefined) continue
    for (const [field, part] of flag.say?.(value) ?? [[flag.field, value] as const]) said.set(field, part)
  }
  if (options['normalise'] === false) said.set('normalise', false)
  return said
}

/** An answer typed to a question, read as the flag for the same field reads it. Throws with what it must look like. */
export function saidByAnswer(field: string, answer: string): Said {
  if (field === 'mean' && answer.includes(',')) return new Map([['mean', threeNumbers(answer)]])
  const flag = flags.find((one) => one.field === field)
  const value = flag?.read ? flag.read(answer) : answer
  return new Map(flag?.say?.(value) ?? [[field, value]])
}

/** The flag that answers the question of a field, for a message. */
export const flagFor = (field: string): string => flags.find((one) => one.field === field)?.flags.split(' ')[0] ?? `a card with "${field}"`

/** What stands in a card at a dotted field, as one would type it. */
export function textAt(from: ModelCard, field: string): string {
  if (field === 'mean') {
    const name = rangeNames.find((one) => JSON.stringify([valueRanges[one].scale, valueRanges[one].mean, valueRanges[one].std]) === JSON.stringify([from.scale, from.mean, from.std]))
    return name ?? from.mean.join(',')
  }
  if (field === 'input.width') return `${from.input.width}x${from.input.height}`
  let value: unknown = from
  for (const step of field.split('.')) value = (value as Record<string, unknown> | undefined)?.[step]
  return String(value)
}

/** The draft with what was said put in; checked as every card is. Throws BAD_INPUT. */
export function withSaid(draft: ModelCard | Readonly<Record<string, unknown>>, said: Said): ModelCard {
  const made = structuredClone(draft) as Record<string, unknown>
  for (const [field, value] of said) {
    const steps = field.split('.')
    const last = steps.pop() ?? ''
    let at = made
    for (const step of steps) at = (at[step] ??= {}) as Record<string, unknown>
    at[last] = value
  }
  const parsed = modelCard.safeParse(made)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new WinnowError('BAD_INPUT', `This card is not complete: ${problems.join('; ')}.`)
}

/** The questions that nothing has answered yet. */
export const unanswered = ({ questions }: ModelInspection, said: Said): ModelInspection['questions'] => questions.filter(({ field }) => !said.has(field))

