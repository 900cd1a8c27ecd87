/**
 * npm run docs:steps: writes the catalogue of step types and of the recipes that come with Winnow into docs/recipes.md, between its two marks. What it says comes from the
 * code and the recipe files themselves; a test asserts that it is up to date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { recipe as recipeSchema, type Recipe, type StepType } from '../core/contract/recipes.ts'
import { catalogue } from '../core/recipes/catalogue.ts'

const root = join(import.meta.dirname, '..')
export const page = join(root, 'docs', 'recipes.md')
const marks = /(<!-- catalogue: npm run docs:steps -->\n)[\s\S]*(<!-- end of catalogue -->)/

/** What is used here of the JSON schema that zod gives of a parameter. */
interface ParamSchema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly ParamSchema[]
  readonly items?: ParamSchema
  readonly default?: unknown
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``

function typeOf({ type, enum: choices, const: only, anyOf, items }: ParamSchema): string {
  if (choices) return choices.map(code).join(', ')
  if (only !== undefined) return code(only)
  if (anyOf) return [...new Set(anyOf.map(typeOf))].join(' or ')
  if (type === 'array') return `list of ${items ? typeOf(items) : 'values'}`
  const names: Readonly<Record<string, string>> = { integer: 'whole number', boolean: 'yes or no', string: 'text', object: 'object' }
  return typeof type === 'string' ? (names[type] ?? type) : 'any'
}

/** zod says the safe integers where nothing was said. */
function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: ParamSchema): string {
  const said = (limit: number | undefined): limit is number => limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER
  const least = said(minimum) ? `>= ${minimum}` : said(exclusiveMinimum) ? `> ${exclusiveMinimum}` : ''
  const most = said(maximum) ? `<= ${maximum}` : said(exclusiveMaximum) ? `< ${exclusiveMaximum}` : ''
  return [least, most].filter(Boolean).join(', ')
}

function paramLine(name: string, schema: ParamSchema, required: boolean): string {
  const facts = [typeOf(schema), rangeOf(schema), schema.default === undefined ? (required ? '**must be given**' : '') : `otherwise ${code(schema.default)}`].filter(Boolean).join('; ')
  return `  * \`${name}\`: ${facts}. ${schema.description ?? ''}`.trimEnd()
}

function stepText({ use, title, about, source, inputs, output, params, transductive, cheap }: StepType): string {
  const { properties = {}, required = [] } = params as { properties?: Record<string, ParamSchema>; required?: readonly string[] }
  const takes = inputs.map(({ name, kinds, many, optional, about: words }) => `  * \`${name}\` (${kinds.join(' or ')}${many ? ', several' : ''}${optional ? ', optional' : ''}): ${words}`)
  const marked = [transductive ? 'transductive' : '', cheap ? 'quick enough for what-if' : ''].filter(Boolean)
  return [
    `#### ${title} (\`${use}\`)`, '', `${about}${source === '' ? '' : ` *Source: ${source}.*`}`, '',
    ...(takes.length > 0 ? ['* Takes', ...takes] : []),
    `* Gives ${output}${marked.length > 0 ? ` (${marked.join('; ')})` : ''}.`,
    ...(Object.keys(properties).length > 0 ? ['* Parameters', ...Object.entries(properties).map(([name, schema]) => paramLine(name, schema, required.includes(name)))] : [])
  ].join('\n')
}

function recipeText({ name, title, about, source, options, steps, shows }: Recipe): string {
  const given = Object.entries(options).map(([option, { title: called, about: words, type, default: own, required, choices }]) =>
    `* \`${option}\` (${choices ? choices.join(', ') : type}${required ? ', **must be given**' : own === undefined ? '' : `; otherwise ${code(own)}`}): ${[called, words].filter(Boolean).join('. ').replace(/\.$/, '')}.`)
  const line = steps.map(({ id, use, when, each }) => `\`${id}\`${id === use ? '' : ` (${use})`}${each ? ` for each of ${each}` : ''}${when ? ` if ${when}` : ''}`)
  return [`#### ${title} (\`${name}\`)`, '', `${about}${source === '' ? '' : ` *Source: ${source}.*`}`, '', ...given, `* Steps: ${line.join(', ')}. Shows ${shows.map(code).join(', ')}.`].join('\n')
}

/** The catalogue as Markdown. */
export async function catalogueText(): Promise<string> {
  const folder = join(root, 'core', 'recipes', 'builtIn')
  const recipes = readdirSync(folder).filter((name) => name.endsWith('.json')).sort().map((name) => recipeSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
  const steps = await catalogue()
  return ['### Recipes that come with Winnow', ...recipes.map(recipeText), '### Step types', ...steps.map(stepText)].join('\n\n')
}

/** The page with the catalogue as it is now. Throws where the page has lost its marks. */
export async function pageWithCatalogue(text: string): Promise<string> {
  if (!marks.test(text)) throw new Error(`${page} has lost the marks between which the catalogue stands.`)
  const now = await catalogueText()
  return text.replace(marks, (_all, begin: string, end: string) => `${begin}\n${now}\n\n${end}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(page, await pageWithCatalogue(readFileSync(page, 'utf8')))
