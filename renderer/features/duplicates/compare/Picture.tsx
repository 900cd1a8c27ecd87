import type { CSSProperties } from 'react'
import { imageUrl } from '../../../components/Thumb.tsx'
import { type Orientation, orientationMatrix, swapsSides } from './orientation.ts'
import type { Placement } from '../../../components/compare/zoom.ts'
import css from './CompareBench.module.css'

/** Above this many screen pixels per picture pixel the pixels themselves are shown. */
const SHOW_PIXELS = 3

/** A whole picture at a place in its pane, turned the way it is compared. */
export function Picture({ id, name, at, orientation = 0, style }: { id: number; name: string; at: Placement; orientation?: Orientation; style?: CSSProperties }) {
  const swapped = swapsSides(orientation)
  const width = swapped ? at.height : at.width
  const height = swapped ? at.width : at.height
  return (
    <img
      className={css.picture} src={imageUrl(id)} alt={name} draggable={false} decoding="async"
      style={{
        width, height, left: at.left + (at.width - width) / 2, top: at.top + (at.height - height) / 2,
        transform: orientation === 0 ? undefined : `matrix(${orientationMatrix(orientation).join(',')},0,0)`,
        imageRendering: at.scale > SHOW_PIXELS ? 'pixelated' : undefined, ...style
      }}
    />
  )
}
