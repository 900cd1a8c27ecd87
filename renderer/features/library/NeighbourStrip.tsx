import { useQuery } from '@tanstack/react-query'
import { Text } from '@mantine/core'
import { queries } from '../../app/queries.ts'
import { useActions } from '../../app/actions.ts'
import { Thumb } from '../../components/Thumb.tsx'
import { formatScore } from '../../components/format.ts'
import { useLibrary } from '../../stores/library.ts'
import css from './NeighbourStrip.module.css'

const shown = 16

const visit = (id: number): void => useLibrary.setState({ visiting: id })

/** The images nearest by descriptor, so that a wrong label or a copy is seen at a glance. A click, or N, looks at one and Esc comes back. */
export function NeighbourStrip({ id }: { id: number }) {
  const { data, error, isPending } = useQuery(queries.neighbours(id, shown))
  const nearest = data?.[0]?.image.id
  useActions('Loupe neighbours', [
    { id: 'loupe.neighbour', title: 'Look at the nearest neighbour', keys: ['N'], group: 'Loupe', when: () => nearest !== undefined, run: () => nearest !== undefined && visit(nearest) }
  ])
  if (error) return <div className={css.strip}><Text size="xs" c="dimmed" p="xs">Neighbours come with the descriptors: they are there once the images are embedded.</Text></div>
  return (
    <div className={css.strip} data-waiting={isPending || undefined} aria-label="Nearest images by descriptor">
      {data?.map(({ image, similarity }) => (
        <button key={image.id} type="button" className={css.neighbour} title={`${image.name}: similarity ${formatScore(similarity)}${image.className ? `, ${image.className}` : ''}`} onClick={() => visit(image.id)}>
          <Thumb id={image.id} row={image} aspect={1} />
          <span>{formatScore(similarity)}</span>
        </button>
      ))}
    </div>
  )
}
