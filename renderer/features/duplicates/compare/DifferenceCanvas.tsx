import { Loader } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { GroupMember } from '../../../../core/contract/duplicates.ts'
import { ErrorNote } from '../../../components/ErrorNote.tsx'
import type { Orientation } from './orientation.ts'
import { sizeOf } from './SidePanes.tsx'
import { useDifference } from './useDifference.ts'
import type { Placement } from '../../../components/compare/zoom.ts'
import css from './CompareBench.module.css'

/** The absolute difference as a picture: black is the same. */
export function DifferenceCanvas({ keeper, member, orientation, at }: { keeper: GroupMember; member: GroupMember; orientation: Orientation; at: Placement }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { data, error } = useDifference({ id: keeper.image.id, ...sizeOf(keeper) }, member.image.id, orientation, true)
  useEffect(() => {
    if (data) canvas.current?.getContext('2d')?.putImageData(new ImageData(data.pixels, data.size.width, data.size.height), 0, 0)
  }, [data])
  if (error) return <div className={css.note}><ErrorNote title="The difference could not be worked out." error={error} /></div>
  if (!data) return <div className={css.note}><Loader size="sm" color="gray" /></div>
  return <canvas ref={canvas} className={css.picture} width={data.size.width} height={data.size.height} style={{ left: at.left, top: at.top, width: at.width, height: at.height }} />
}
