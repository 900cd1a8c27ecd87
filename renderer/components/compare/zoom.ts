/**
 * Locked zoom for pictures of unequal size: the look is relative to each picture (1 = fits its pane, the centre in fractions of the
 * picture), so the same look shows the same part of the scene in a 4000 px original and in its 500 px copy.
 */

export interface Size {
  width: number
  height: number
}

export interface Look {
  /** 1 fits the pane; at most `MOST_ZOOM`. */
  zoom: number
  /** Which point of the picture lies in the middle of the pane, in fractions 0..1. */
  x: number
  y: number
}

export interface Placement extends Size {
  left: number
  top: number
  /** CSS pixels for one pixel of the picture. */
  scale: number
}

export const FIT: Look = { zoom: 1, x: 0.5, y: 0.5 }
export const MOST_ZOOM = 64

/** CSS pixels per picture pixel when the whole picture just fits the pane. */
export function fitScale(picture: Size, pane: Size): number {
  if (picture.width <= 0 || picture.height <= 0 || pane.width <= 0 || pane.height <= 0) return 1
  return Math.min(pane.width / picture.width, pane.height / picture.height)
}

/** Where the picture lies in its pane, in CSS pixels. */
export function place(picture: Size, pane: Size, look: Look): Placement {
  const scale = fitScale(picture, pane) * look.zoom
  const width = picture.width * scale
  const height = picture.height * scale
  return { scale, width, height, left: pane.width / 2 - look.x * width, top: pane.height / 2 - look.y * height }
}

/** Keeps the zoom in its range and the picture from leaving the pane. */
export function clampLook(look: Look, picture: Size, pane: Size): Look {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, look.zoom))
  const { width, height } = place(picture, pane, { ...look, zoom })
  return { zoom, x: clampCentre(look.x, pane.width / width), y: clampCentre(look.y, pane.height / height) }
}

function clampCentre(centre: number, visible: number): number {
  if (visible >= 1) return 0.5
  return Math.min(1 - visible / 2, Math.max(visible / 2, centre))
}

/** Zooms by `factor` so that what lies at `at` (CSS pixels in the pane) stays there. */
export function zoomAt(look: Look, factor: number, at: { x: number; y: number }, picture: Size, pane: Size): Look {
  const before = place(picture, pane, look)
  const point = { x: (at.x - before.left) / before.width, y: (at.y - before.top) / before.height }
  const zoom = Math.min(MOST_ZOOM, Math.max(1, look.zoom * factor))
  const after = place(picture, pane, { ...look, zoom })
  return clampLook({ zoom, x: point.x + (pane.width / 2 - at.x) / after.width, y: point.y + (pane.height / 2 - at.y) / after.height }, picture, pane)
}

/** Pans by CSS pixels: the picture follows the hand. */
export function panBy(look: Look, dx: number, dy: number, picture: Size, pane: Size): Look {
  const { width, height } = place(picture, pane, look)
  return clampLook({ zoom: look.zoom, x: look.x - dx / width, y: look.y - dy / height }, picture, pane)
}

/** One pixel of `picture` on one pixel of the screen, around the same centre. A picture smaller than its pane stays at fit. */
export function actualPixels(look: Look, picture: Size, pane: Size, devicePixelRatio = 1): Look {
  return clampLook({ ...look, zoom: 1 / devicePixelRatio / fitScale(picture, pane) }, picture, pane)
}
