import { Center, Loader, Text } from '@mantine/core'
import { type PointerEvent, useEffect, useLayoutEffect, useRef, useState, type WheelEvent } from 'react'
import type { ImageRow } from '../../../core/contract/images.ts'
import { useActions } from '../../app/actions.ts'
import { imageUrl } from '../../components/Thumb.tsx'
import { failureWords } from '../../components/failureWords.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { IconAlertTriangle } from '@tabler/icons-react'
import { clampPlacement, fitScale, type Placement, type Size, zoomAround } from './zoomRules.ts'
import css from './Loupe.module.css'

/** One picture with zoom and pan. null as placement means: the whole picture. */
export function LoupePicture({ row }: { row: ImageRow }) {
  if (row.state === 'failed' || row.state === 'missing') return <Unreadable row={row} />
  return <ZoomedPicture key={row.id} row={row} />
}

function ZoomedPicture({ row }: { row: ImageRow }) {
  const frame = useRef<HTMLDivElement>(null)
  const [room, setRoom] = useState<Size | null>(null)
  const [natural, setNatural] = useState<Size | null>(row.width && row.height ? { width: row.width, height: row.height } : null)
  const [placement, setPlacement] = useState<Placement | null>(null)
  const [state, setState] = useState<'waiting' | 'here' | 'broken'>('waiting')
  const drag = useRef<{ x: number; y: number } | null>(null)

  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const measure = new ResizeObserver(() => setRoom({ width: element.clientWidth, height: element.clientHeight }))
    measure.observe(element)
    return () => measure.disconnect()
  }, [])

  const fitted: Placement | null = natural && room ? { scale: fitScale(natural, room), x: 0, y: 0 } : null
  const shown = placement ?? fitted
  const zoomBy = (factor: number, at = { x: 0, y: 0 }): void => {
    if (shown && natural && room) setPlacement(zoomAround(shown, shown.scale * factor, at, natural, room))
  }
  const toggle = (): void => {
    if (!fitted || !natural || !room) return
    setPlacement(placement ? null : zoomAround(fitted, 1, { x: 0, y: 0 }, natural, room))
  }
  const pan = (dx: number, dy: number): void => {
    if (placement && natural && room) setPlacement(clampPlacement({ ...placement, x: placement.x + dx, y: placement.y + dy }, natural, room))
  }
  useActions('Loupe', [
    { id: 'loupe.zoom', title: 'Whole picture or actual pixels', keys: ['Z'], hint: '1:1', run: toggle },
    { id: 'loupe.in', title: 'Zoom in', keys: ['+'], run: () => zoomBy(1.25) },
    { id: 'loupe.out', title: 'Zoom out', keys: ['-'], run: () => zoomBy(0.8) },
    { id: 'loupe.pan-up', title: 'Move the picture', keys: ['Alt+Up'], quiet: true, run: () => pan(0, 80) },
    { id: 'loupe.pan-down', title: 'Move the picture down', keys: ['Alt+Down'], quiet: true, run: () => pan(0, -80) },
    { id: 'loupe.pan-left', title: 'Move the picture left', keys: ['Alt+Left'], quiet: true, run: () => pan(80, 0) },
    { id: 'loupe.pan-right', title: 'Move the picture right', keys: ['Alt+Right'], quiet: true, run: () => pan(-80, 0) }
  ])

  const fromMiddle = (event: { clientX: number; clientY: number }): { x: number; y: number } => {
    const box = frame.current?.getBoundingClientRect()
    return box ? { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 } : { x: 0, y: 0 }
  }
  const onWheel = (event: WheelEvent): void => zoomBy(Math.exp(-event.deltaY * 0.0016), fromMiddle(event))
  const onPointerMove = (event: PointerEvent): void => {
    if (!drag.current) return
    pan(event.clientX - drag.current.x, event.clientY - drag.current.y)
    drag.current = { x: event.clientX, y: event.clientY }
  }
  return (
    <div
      ref={frame} className={css.frame} data-movable={placement !== null || undefined} onWheel={onWheel} onDoubleClick={toggle} onPointerMove={onPointerMove}
      onPointerDown={(event) => {
        drag.current = { x: event.clientX, y: event.clientY }
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerUp={() => { drag.current = null }}
    >
      {state === 'waiting' && <Late />}
      {state === 'broken' && <Center h="100%"><Text c="dimmed">The picture could not be loaded. The file may have gone; look for changed files in the project menu.</Text></Center>}
      {state !== 'broken' && (
        <img
          className={css.picture} data-shown={state === 'here' || undefined} data-sharp={(shown?.scale ?? 0) >= 3 || undefined} src={imageUrl(row.id)} alt={row.name} draggable={false}
          style={shown && natural ? { width: natural.width * shown.scale, height: natural.height * shown.scale, transform: `translate(-50%, -50%) translate(${shown.x}px, ${shown.y}px)` } : undefined}
          onLoad={(event) => {
            const { naturalWidth, naturalHeight } = event.currentTarget
            if (!natural) setNatural({ width: naturalWidth, height: naturalHeight })
            setState('here')
          }}
          onError={() => setState('broken')}
        />
      )}
      {shown && <span className={css.scale}>{placement ? `${Math.round(shown.scale * 100)} %` : 'whole'}</span>}
    </div>
  )
}

/** A spinner only for what takes its time: a picture that comes at once must not blink. */
function Late() {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 250)
    return () => clearTimeout(timer)
  }, [])
  return late ? <Center h="100%"><Loader size="sm" color="gray" /></Center> : null
}

function Unreadable({ row }: { row: ImageRow }) {
  return (
    <EmptyState icon={<IconAlertTriangle size={26} />} title={row.state === 'missing' ? 'The file is no longer there' : `This file is no usable image: ${failureWords(row.failure)}`}>
      {row.path}. {row.state === 'missing' ? 'If it was moved, look for changed files in the project menu: it is recognised by its content.' : 'The inspector says more. A re-scan tries it again.'}
    </EmptyState>
  )
}
