import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../../app/queries.ts'
import { formatCount, formatNumber, formatRate } from '../../components/format.ts'
import css from './Models.module.css'

/** What this project has been described with. */
export function DescriptorList() {
  const { data: descriptors } = useQuery(queries.descriptors)
  return (
    <section className={css.box}>
      <h2 className={css.heading}>Descriptors of this project</h2>
      {descriptors?.length === 0 && <Text c="dimmed">None yet. Choose “Describe this project with it” at a model; near-duplicates and proposed labels need one.</Text>}
      {descriptors?.map((one) => (
        <div key={one.id} className={css.provider}>
          <div className={css.providerHead}><b>{one.modelName}</b><span>{one.dim} × {one.dtype}</span></div>
          <div className={css.dim}>
            {formatCount(one.rows, 'image')}{one.waiting > 0 ? `, ${formatNumber(one.waiting)} waiting` : ''}
            {one.provider ? ` · ${one.provider}` : ''}{one.imagesPerSecond ? ` · ${formatRate(one.imagesPerSecond)}` : ''}
          </div>
        </div>
      ))}
    </section>
  )
}
