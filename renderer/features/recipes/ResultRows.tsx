import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ResultPage, StepResult } from '../../../core/contract/recipes.ts'
import { useClasses } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatNumber } from '../../components/format.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { Thumb } from '../../components/Thumb.tsx'
import { recipeQueries } from './recipeQueries.ts'
import { useRecipes } from './recipesStore.ts'
import { briefColumns, cellText, columnTitle, ownNames } from './rules/resultColumns.ts'
import css from './StepInspector.module.css'

const few = 6

/** The first rows of a result, and the way to all of them. */
export function ResultRows({ result }: { result: StepResult }) {
  const { data: page, error } = useQuery(recipeQueries.rows(result, 0, few))
  const { data: classes } = useClasses()
  if (error) return <ErrorNote title="The rows could not be read." error={error} />
  if (!page || page.total === 0 || page.columns.length === 0) return null
  const names = new Map([...(classes ?? []).map(({ id, name }) => [id, name] as const), ...ownNames(result.facts)])
  const shown = briefColumns(page.columns)
  return (
    <>
      <table className={css.rows} aria-label="First rows">
        <thead><tr>{shown.map((i) => <th key={i} data-number={page.columns[i]?.type === 'number' || undefined}>{columnTitle(page.columns[i]?.name ?? '')}</th>)}</tr></thead>
        <tbody>
          {page.rows.map((row, r) => (
            // oxlint-disable-next-line no-array-index-key -- rows of a result stand still
            <tr key={r}>{shown.map((i) => <td key={i} data-number={page.columns[i]?.type === 'number' || undefined}><Cell page={page} column={i} value={row[i] ?? null} labels={names} brief /></td>)}</tr>
          ))}
        </tbody>
      </table>
      <Button mt={6} size="compact-xs" variant="default" rightSection={<Kbd keys="T" />} onClick={() => useRecipes.setState({ table: result.resultId })}>{page.total > few ? `All ${formatNumber(page.total)} rows` : 'As a table'}</Button>
    </>
  )
}

interface CellProps {
  readonly page: Pick<ResultPage, 'columns' | 'names'>
  readonly column: number
  readonly value: number | string | null
  readonly labels: ReadonlyMap<number, string>
  /** In a narrow place: names without their ending. */
  readonly brief?: boolean
}

/** An image by its picture and name, a class by its name, a number as it is. */
export function Cell({ page, column, value, labels, brief = false }: CellProps) {
  const { name: title, type } = page.columns[column] ?? { name: '', type: 'text' }
  if (type === 'image') {
    if (typeof value !== 'number' || value < 1) return <span>–</span>
    const path = page.names[String(value)] ?? String(value)
    const name = path.split(/[/\\]/).at(-1) ?? path
    return <span className={css.picture} title={path}><span className={css.box}><Thumb id={value} aspect={null} marks={false} /></span><span className={brief ? css.tail : undefined}><bdi>{brief ? name.replace(/\.[a-z0-9]{1,5}$/i, '') : name}</bdi></span></span>
  }
  if (title === 'label' && typeof value === 'number') return <span>{labels.get(value) ?? cellText(value)}</span>
  return <span>{cellText(value)}</span>
}
