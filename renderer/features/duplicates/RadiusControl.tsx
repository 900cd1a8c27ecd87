import { Slider, Switch, Text } from '@mantine/core'
import { formatCount } from '../../components/format.ts'
import css from './SettingsPanel.module.css'

const USUAL_RADIUS = 4

/** How far two perceptual hashes may be apart, in bits of 64; mirrored and turned copies count too. */
export function RadiusControl({ radius, onChange }: { radius: number | null; onChange: (radius: number | null) => void }) {
  return (
    <section className={css.section}>
      <div className={css.heading}>
        <h3>Perceptual hash</h3>
        <Switch size="xs" label="use" labelPosition="left" aria-label="Use the perceptual hash" checked={radius !== null} onChange={(event) => onChange(event.currentTarget.checked ? USUAL_RADIUS : null)} />
      </div>
      {radius === null ? <Text size="xs" c="dimmed">Off. It finds resized, recompressed, mirrored and turned copies without a model.</Text> : (
        <>
          <Slider min={0} max={16} step={1} value={radius} onChange={onChange} label={null} size="sm" thumbLabel="Most bits apart" />
          <Text size="xs" c="dimmed">{radius === 0 ? 'The same hash' : `Up to ${formatCount(radius, 'bit')} of 64 apart`}, mirrored or turned ones too</Text>
        </>
      )}
    </section>
  )
}
