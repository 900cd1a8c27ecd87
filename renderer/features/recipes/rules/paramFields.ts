/** A form out of the JSON schema of a step's parameters. */
export type ParamControl = 'number' | 'switch' | 'choice' | 'choices' | 'text' | 'numbers' | 'texts' | 'json'

export interface ParamField {
  readonly name: string
  readonly about: string
  readonly control: ParamControl
  readonly whole: boolean
  readonly least: number | null
  readonly most: number | null
  readonly choices: readonly string[]
  readonly fallback: unknown
}

interface Schema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
}

/** Larger limits than this are those of the number format, not of the parameter. */
const noLimit = 1e12

/** The fields of a step, in the order of its definition; none for what is no object schema. */
export function paramFields(schema: unknown): ParamField[] {
  const properties = (schema as Schema | null)?.properties ?? {}
  return Object.entries(properties).map(([name, own]) => {
    const main = own.anyOf?.find(({ type }) => type !== 'null') ?? own
    const limit = (value: number | undefined): number | null => (value === undefined || Math.abs(value) > noLimit ? null : value)
    return {
      name,
      about: own.description ?? '',
      control: controlOf(main),
      whole: typesOf(main.items ?? main).includes('integer'),
      least: limit(main.minimum ?? main.exclusiveMinimum),
      most: limit(main.maximum ?? main.exclusiveMaximum),
      choices: (main.enum ?? main.items?.enum ?? []).map(String),
      fallback: own.default
    }
  })
}

const typesOf = ({ type }: Schema): readonly string[] => (type === undefined ? [] : typeof type === 'string' ? [type] : type)

function controlOf(schema: Schema): ParamControl {
  const types = typesOf(schema)
  if (schema.enum) return 'choice'
  if (types.includes('boolean')) return 'switch'
  if (types.includes('number') || types.includes('integer')) return 'number'
  if (types.includes('string')) return 'text'
  if (!types.includes('array') || !schema.items) return 'json'
  if (schema.items.enum) return 'choices'
  const items = typesOf(schema.items)
  return items.includes('number') || items.includes('integer') ? 'numbers' : items.includes('string') ? 'texts' : 'json'
}

/** One press of an arrow key: fine where the range is small, else 1. */
export function stepOf({ whole, least, most }: Pick<ParamField, 'whole' | 'least' | 'most'>, value: unknown): number {
  if (whole) return 1
  const span = least !== null && most !== null ? most - least : typeof value === 'number' && value !== 0 ? Math.abs(value) * 4 : 1
  return span <= 4 ? 0.01 : span <= 40 ? 0.1 : 1
}

/** A value as the text of its field. */
export function fieldText({ control }: Pick<ParamField, 'control'>, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (control === 'json') return JSON.stringify(value)
  return Array.isArray(value) ? value.join(', ') : String(value)
}

export type Reading = { readonly value: unknown } | { readonly problem: string }

/** What somebody typed, as a value; nothing typed is undefined: as the recipe has it. */
export function readField({ control, whole }: Pick<ParamField, 'control' | 'whole'>, text: string): Reading {
  const typed = text.trim()
  if (typed === '') return { value: undefined }
  switch (control) {
    case 'numbers': {
      const numbers = typed.split(/[\s,;]+/).filter(Boolean).map(Number)
      if (numbers.some((one) => !Number.isFinite(one))) return { problem: 'Numbers with commas between them.' }
      if (whole && numbers.some((one) => !Number.isInteger(one))) return { problem: 'Whole numbers with commas between them.' }
      return { value: numbers }
    }
    case 'texts': return { value: typed.split(',').map((one) => one.trim()).filter(Boolean) }
    case 'json':
      try {
        return { value: JSON.parse(typed) as unknown }
      } catch {
        return { problem: 'This is not JSON.' }
      }
    default: return { value: text }
  }
}

/** "a whole number, 1 to 1,000" */
export function rangeWords({ control, whole, least, most }: Pick<ParamField, 'control' | 'whole' | 'least' | 'most'>): string {
  if (control !== 'number') return ''
  const number = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 6 })
  const range = least !== null && most !== null ? `${number(least)} to ${number(most)}` : least !== null ? `from ${number(least)}` : most !== null ? `up to ${number(most)}` : ''
  return [whole ? 'whole' : '', range].filter(Boolean).join(', ')
}
