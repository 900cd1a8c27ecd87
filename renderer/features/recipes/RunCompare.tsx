import { useQuery } from '@tanstack/react-query'
import { recipeQueries } from './recipeQueries.ts'
import { differenceText, metricRows, metricText } from './rules/metricRows.ts'
import { runDifferences, valueText } from './rules/runDifferences.ts'
import css from './RunHistory.module.css'

/** Two runs: their numbers side by side, and what was set otherwise. */
export function RunCompare({ a, b }: { a: number; b: number }) {
  const { data: runA } = useQuery(recipeQueries.run(a))
  const { data: runB } = useQuery(recipeQueries.run(b))
  if (!runA || !runB) return null
  const differences = runDifferences(runA, runB)
  return (
    <section className={css.compare} aria-label={`Run ${a} beside run ${b}`}>
      {runA.metrics.length > 0 && (
        <table className={css.table}>
          <thead><tr><th>Number</th><th data-number>Run {a}</th><th data-number>Run {b}</th><th data-number>Difference</th></tr></thead>
          <tbody>
            {metricRows(runA.metrics, runB.metrics).map(({ name, about, value, other, difference, better }) => (
              <tr key={name} title={about}><td>{name}</td><td data-number>{metricText(value)}</td><td data-number>{metricText(other)}</td><td data-number data-better={better ?? undefined}>{differenceText(difference)}</td></tr>
            ))}
          </tbody>
        </table>
      )}
      <h3>{differences.length === 0 ? 'Nothing was set otherwise: only the images or the labels can have changed.' : 'Set otherwise'}</h3>
      {differences.length > 0 && (
        <table className={css.table}>
          <thead><tr><th>What</th><th>Run {a}</th><th>Run {b}</th></tr></thead>
          <tbody>{differences.map(({ what, a: inA, b: inB }) => <tr key={what}><td>{what}</td><td>{valueText(inA)}</td><td>{valueText(inB)}</td></tr>)}</tbody>
        </table>
      )}
    </section>
  )
}
