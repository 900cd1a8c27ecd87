import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { StateMark } from '../../components/StateMark.tsx'
import { providerWords } from './modelWords.ts'
import css from './Models.module.css'

/** Which execution provider really runs, and why the others do not. */
export function ProviderList() {
  const { data: providers, error, refetch, isPending } = useQuery(queries.providers)
  return (
    <section className={css.box}>
      <h2 className={css.heading}>What it runs on</h2>
      {isPending && <Text c="dimmed">Trying the providers one after the other…</Text>}
      {error && <ErrorNote title="The providers could not be tried." error={error} onRetry={() => void refetch()} />}
      {providers?.map((one) => (
        <div key={one.provider} className={css.provider}>
          <div className={css.providerHead}>
            {one.state === 'running' && <StateMark mark="accept" size={14} title="running" />}
            <b>{one.provider}</b><span>{providerWords[one.state]}</span>
          </div>
          <div className={css.dim}>{one.detail}</div>
        </div>
      ))}
      <Text c="dimmed" size="xs" mt="sm">With an NVIDIA GPU, <code>npm run setup:cuda</code> in Winnow’s folder fetches what cuda needs.</Text>
    </section>
  )
}
