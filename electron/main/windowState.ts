import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { BrowserWindow, Rectangle } from 'electron'

export interface WindowState {
  readonly bounds: Rectangle
  readonly maximised: boolean
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/** The window's place of last time, or null when there is none, it is broken, or it lies outside every display. */
export function readWindowState(file: string, displays: readonly Rectangle[]): WindowState | null {
  try {
    const { bounds, maximised } = JSON.parse(readFileSync(file, 'utf8')) as { bounds: Record<string, unknown>; maximised: unknown }
    const { x, y, width, height } = bounds
    if (!isNumber(x) || !isNumber(y) || !isNumber(width) || !isNumber(height) || width < 400 || height < 300) return null
    const visible = displays.some((display) => x + width > display.x + 80 && x < display.x + display.width - 80 && y >= display.y - 20 && y < display.y + display.height - 60)
    return visible ? { bounds: { x, y, width, height }, maximised: maximised === true } : null
  } catch {
    return null
  }
}

/** Keeps the file up to date, half a second after the last move. */
export function keepWindowState(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined
  const save = (): void => {
    if (window.isDestroyed()) return
    const state: WindowState = { bounds: window.getNormalBounds(), maximised: window.isMaximized() }
    writeFileSync(`${file}.part`, JSON.stringify(state))
    renameSync(`${file}.part`, file)
  }
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(save, 500)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('close', save)
}
