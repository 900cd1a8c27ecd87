import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { ImageRow } from '../../../core/contract/images.ts'
import { difference, differenceWords } from '../../components/compare/difference.ts'
import { pixelsOf } from '../../components/compare/pictures.ts'
import type { Placement, Size } from '../../components/compare/zoom.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { sizeOf } from './MatchStage.tsx'
import { inverse, type PlaneMap, product } from './planeMap.ts'
import { warpOver } from './warp.ts'
import css from './MatchStage.module.css'

/** Longest side on which two pictures are compared, px: enough to see an edit, quick enough for a key press. */
const longest = 1024

function shrunk(size: Size): Size & { scale: number } {
  const scale = Math.min(1, longest / Math.max(size.width, size.height))
  return { scale, width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) }
}
const scaling = (scale: number): PlaneMap => [scale, 0, 0, 0, scale, 0, 0, 0, 1]

async function differenceOf(below: ImageRow, above: ImageRow, map: PlaneMap) {
  const [a, b] = [shrunk(sizeOf(below)), shrunk(sizeOf(above))]
  const [under, over] = await Promise.all([pixelsOf(below.id, a, [1, 0, 0, 1]), pixelsOf(above.id, b, [1, 0, 0, 1])])
  const back = inverse(map)
  if (!back) throw new Error('The map between the two pictures flattens them. Look at them side by side.')
  const toAbove = product(scaling(b.scale), product(back, scaling(1 / a.scale)))
  const warped = warpOver({ ...a, pixels: under }, { ...b, pixels: over }, toAbove)
  return { ...difference(under, warped.pixels), covered: warped.covered, size: a }
}

/** The absolute difference as a picture: black is the same, or where only one of the two reaches. `map` takes points of above to points of below. */
export function DifferenceCanvas({ below, above, map, at }: { below: ImageRow; above: ImageRow; map: PlaneMap; at: Placement }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { data, error } = useQuery({ queryKey: ['images', 'match-difference', below.id, above.id, map], queryFn: () => differenceOf(below, above, map), retry: 0, gcTime: 5_000 })
  useEffect(() => {
    if (data) canvas.current?.getContext('2d')?.putImageData(new ImageData(data.pixels, data.size.width, data.size.height), 0, 0)
  }, [data])
  if (error) return <div className={css.note}><ErrorNote title="The difference could not be worked out." error={error} /></div>
  if (!data) return <div className={css.note}><Loader size="sm" color="gray" /></div>
  return (
    <>
      <canvas ref={canvas} className={css.picture} width={data.size.width} height={data.size.height} style={{ left: at.left, top: at.top, width: at.width, height: at.height }} />
      <span className={css.tag} data-side="right">{differenceWords(data)}{data.gain > 1 && data.mean > 0 ? ` · drawn ${data.gain} times stronger` : ''}{data.covered < 0.995 ? ` · the two meet in ${Math.round(data.covered * 100)} % of it` : ''}</span>
    </>
  )
}
