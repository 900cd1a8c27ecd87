/** How a picture lies in the loupe. Pure: all lengths in CSS px. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** `scale` 1 shows one pixel of the picture as one pixel of the screen; `x`, `y` move the picture's middle from the window's. */
export interface Placement {
  readonly scale: number
  readonly x: number
  readonly y: number
}

/** The scale at which the whole picture is seen; small pictures are enlarged up to four times. */
export const fitScale = (image: Size, room: Size): number => Math.min(room.width / image.width, room.height / image.height, 4)

/** Keeps the picture from being pushed out of the window: an edge may come in to the window's edge, no further. */
export function clampPlacement({ scale, x, y }: Placement, image: Size, room: Size): Placement {
  const slackX = Math.max(0, (image.width * scale - room.width) / 2)
  const slackY = Math.max(0, (image.height * scale - room.height) / 2)
  return { scale, x: Math.max(-slackX, Math.min(slackX, x)), y: Math.max(-slackY, Math.min(slackY, y)) }
}

/** Another scale around a point of the window (measured from its middle), which stays where it is. */
export function zoomAround(placement: Placement, scale: number, at: { x: number; y: number }, image: Size, room: Size): Placement {
  const limited = Math.max(Math.min(fitScale(image, room), 1) * 0.5, Math.min(16, scale))
  const factor = limited / placement.scale
  return clampPlacement({ scale: limited, x: at.x - (at.x - placement.x) * factor, y: at.y - (at.y - placement.y) * factor }, image, room)
}
