import type { Recipe, RecipeOption, RecipeStep } from '../../../../core/contract/recipes.ts'

const isEmpty = (value: unknown): boolean => value === undefined || value === '' || value === false || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)

/** Without the fields that are at their default. */
const brief = (value: RecipeOption | RecipeStep, fields: readonly string[]): unknown =>
  Object.fromEntries(Object.entries(value).filter(([name, one]) => one !== undefined && !(fields.includes(name) && isEmpty(one))))

const list = (lines: readonly string[], open: string, close: string): string => (lines.length === 0 ? `${open}${close}` : `${open}\n${lines.map((line) => `    ${line}`).join(',\n')}\n  ${close}`)

/** A recipe as people write one: one line an option, one line a step. */
export function recipeText({ format, name, title, about, source, options, steps, shows }: Recipe): string {
  const line = (key: string, value: unknown): string => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`
  return [
    '{',
    [
      line('format', format), line('name', name), line('title', title), line('about', about), line('source', source),
      `  "options": ${list(Object.entries(options).map(([key, option]) => `${JSON.stringify(key)}: ${spaced(brief(option, ['about', 'required']))}`), '{', '}')}`,
      `  "steps": ${list(steps.map((step) => spaced(brief(step, ['from', 'with', 'foundWith']))), '[', ']')}`,
      `  "shows": ${spaced(shows)}`
    ].join(',\n'),
    '}'
  ].join('\n') + '\n'
}

/** JSON on one line, with a blank after commas and colons. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (typeof value === 'object' && value !== null) return `{${Object.entries(value).filter(([, one]) => one !== undefined).map(([key, one]) => `${JSON.stringify(key)}: ${spaced(one)}`).join(', ')}}`
  return JSON.stringify(value)
}
