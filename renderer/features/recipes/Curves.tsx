import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { LineChart } from './LineChart.tsx'
import { recipeQueries } from './recipeQueries.ts'

/** The curves behind the numbers: precision by recall, and whatever else was measured. */
export function Curves({ resultId }: { resultId: number }) {
  const { data: curves, error } = useQuery(recipeQueries.curves(resultId))
  const [name, setName] = useState<string | null>(null)
  if (error) return <ErrorNote title="The curves could not be read." error={error} />
  const curve = curves?.find((one) => one.name === name) ?? curves?.[0]
  if (!curves || !curve) return null
  return (
    <>
      {curves.length > 1 && <SegmentedControl mt={8} fullWidth aria-label="Curve" value={curve.name} onChange={setName} data={curves.map((one) => one.name)} />}
      <LineChart key={curve.name} {...curve} />
    </>
  )
}
