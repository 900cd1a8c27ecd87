import type { GroupMember } from '../contract/duplicates.ts'
import { type ImageTable, isUpscaled, pixelsOf } from './imageTable.ts'
import { dateOf, qualityOf, sameDamage, sameSharpness, sharpnessOf, sizeOf } from './keeperRules.ts'

type Comparison = GroupMember['comparisons'][number]

/** How image `member` differs from `keeper`, in words a person can weigh. What is equal is not said. */
export function comparisonsOf(table: ImageTable, keeper: number, member: number): Comparison[] {
  return [...protection(table, keeper, member), ...labels(table, keeper, member), ...size(table, keeper, member), ...format(table, keeper, member), ...damage(table, keeper, member), ...sharpness(table, keeper, member), ...age(table, keeper, member)]
}

const against = (text: string, better: Comparison['better']): Comparison[] => [{ text, better }]

function protection(table: ImageTable, keeper: number, member: number): Comparison[] {
  if (table.protected[keeper] === table.protected[member]) return []
  return table.protected[member] ? against('protected', 'member') : against('not protected', 'keeper')
}

function labels(table: ImageTable, keeper: number, member: number): Comparison[] {
  const [kept, other] = [table.label[keeper] as number, table.label[member] as number]
  if (kept === other) return []
  const text = ['no label', 'label given with the data', 'labelled by a person'][other] as string
  return against(text, other > kept ? 'member' : 'keeper')
}

function size(table: ImageTable, keeper: number, member: number): Comparison[] {
  const [kept, other] = [pixelsOf(table, keeper), pixelsOf(table, member)]
  const sizes = `${sizeOf(table, member)} against ${sizeOf(table, keeper)}`
  if (kept === other) return table.width[keeper] === table.width[member] ? [] : against(`other shape: ${sizes}`, 'same')
  if (isUpscaled(table, member, keeper)) return against(`enlarged: ${sizes}`, 'keeper')
  if (isUpscaled(table, keeper, member)) return against(`smaller, but the keeper is enlarged: ${sizes}`, 'member')
  return other > kept ? against(`larger: ${sizes}`, 'member') : against(`smaller: ${sizes}`, 'keeper')
}

function format({ format, formats }: ImageTable, keeper: number, member: number): Comparison[] {
  const [kept, other] = [formats[format[keeper] as number] ?? '', formats[format[member] as number] ?? '']
  return kept === other ? [] : against(`${other} against ${kept}`, 'same')
}

function damage(table: ImageTable, keeper: number, member: number): Comparison[] {
  if (sameDamage(table, keeper, member)) return []
  const [kept, other] = [table.compression[keeper] as number, table.compression[member] as number]
  const text = `${qualityOf(table, member)} against ${qualityOf(table, keeper)}`
  if (Number.isNaN(kept) || Number.isNaN(other)) return against(text, 'same')
  return other > kept ? against(`more compressed: ${text}`, 'keeper') : against(`less compressed: ${text}`, 'member')
}

function sharpness(table: ImageTable, keeper: number, member: number): Comparison[] {
  if (sameSharpness(table, keeper, member)) return []
  const [kept, other] = [table.sharpness[keeper] as number, table.sharpness[member] as number]
  if (Number.isNaN(kept) || Number.isNaN(other)) return []
  const text = `${sharpnessOf(table, member)} against ${sharpnessOf(table, keeper)}`
  return other > kept ? against(`sharper: ${text}`, 'member') : against(`less sharp: ${text}`, 'keeper')
}

function age(table: ImageTable, keeper: number, member: number): Comparison[] {
  const difference = Math.floor((table.mtimeMs[member] as number) / 1000) - Math.floor((table.mtimeMs[keeper] as number) / 1000)
  if (Math.abs(difference) < 1) return []
  const text = `${dateOf(table, member)} against ${dateOf(table, keeper)}`
  return difference < 0 ? against(`older: ${text}`, 'member') : against(`newer: ${text}`, 'keeper')
}
