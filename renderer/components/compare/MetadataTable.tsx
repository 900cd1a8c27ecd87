import { IconCheck } from '@tabler/icons-react'
import { useQueries } from '@tanstack/react-query'
import { queries } from '../../app/queries.ts'
import { metadataRows } from './metadataRows.ts'
import css from './MetadataTable.module.css'

export interface Column {
  readonly id: number
  readonly title: string
}

/** What differs between the pictures, and only that; the better value is marked. */
export function MetadataTable({ columns }: { columns: readonly Column[] }) {
  const answers = useQueries({ queries: columns.map(({ id }) => queries.details(id)) })
  const details = answers.map((answer) => answer.data)
  if (details.some((one) => one === undefined)) return <div className={css.frame} />
  const rows = metadataRows(details.filter((one) => one !== undefined))
  return (
    <div className={css.frame}>
      <table className={css.table}>
        <thead>
          <tr><th>Only what differs</th>{columns.map(({ id, title }) => <th key={id}>{title}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.field}>
              <th scope="row">{row.field}</th>
              {row.values.map((value, column) => (
                <td key={columns[column]!.id} data-better={row.better.includes(column) || undefined} title={value}>
                  {value}{row.better.includes(column) && <IconCheck size={12} stroke={3} aria-label="better" />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className={css.same}>Nothing differs: neither size, format, quality nor place.</p>}
    </div>
  )
}
