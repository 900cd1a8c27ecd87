/**
 * Keys as text: modifiers joined by '+', then the key: 'Mod+Shift+Z', 'P', 'Left', '[', '1', 'Space', 'F6'. Mod is Ctrl, or Cmd on a Mac.
 * Letters and digits are bound to the physical key, so that they stay in place on non-Latin layouts; the label shows what that
 * key carries here. Punctuation is bound to the sign it gives, because signs wander between layouts.
 */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform)

/** What is needed of a KeyboardEvent. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

interface Combo {
  readonly mod: boolean
  readonly shift: boolean
  readonly alt: boolean
  readonly key: string
}

const names: Record<string, string> = {
  Left: 'ArrowLeft', Right: 'ArrowRight', Up: 'ArrowUp', Down: 'ArrowDown', Esc: 'Escape', Space: 'Space', Plus: '+', Minus: '-'
}

const parsed = new Map<string, Combo>()

/** Throws for a combination without a key. */
export function parseKeys(keys: string): Combo {
  const known = parsed.get(keys)
  if (known) return known
  const plusKey = keys.endsWith('++') || keys === '+'
  const parts = (plusKey ? keys.slice(0, -1) : keys).split('+').filter(Boolean)
  const last = plusKey ? '+' : parts.pop()
  if (!last) throw new Error(`No key in "${keys}"`)
  const combo = { mod: parts.includes('Mod'), shift: parts.includes('Shift'), alt: parts.includes('Alt'), key: names[last] ?? last }
  parsed.set(keys, combo)
  return combo
}

const isLetter = (key: string): boolean => /^[A-Z]$/.test(key)
const isDigit = (key: string): boolean => /^[0-9]$/.test(key)

/** The physical key of a sign on a US keyboard, for layouts that cannot type it. */
const signCodes: Record<string, string> = {
  '/': 'Slash', '?': 'Slash', '[': 'BracketLeft', ']': 'BracketRight', '\\': 'Backslash', '+': 'Equal', '=': 'Equal', '-': 'Minus', ',': 'Comma', '.': 'Period', ';': 'Semicolon', "'": 'Quote', '`': 'Backquote'
}

export function matchesKeys(keys: string, event: KeyPress): boolean {
  const combo = parseKeys(keys)
  const mod = isMac ? event.metaKey : event.ctrlKey
  if (mod !== combo.mod || event.altKey !== combo.alt) return false
  if (isLetter(combo.key)) return event.code === `Key${combo.key}` && event.shiftKey === combo.shift
  if (isDigit(combo.key)) {
    const numpad = event.code === `Numpad${combo.key}` && event.key === combo.key
    return (event.code === `Digit${combo.key}` || numpad) && event.shiftKey === combo.shift
  }
  const sign = signCodes[combo.key]
  if (sign !== undefined) {
    if (combo.key === '+' && event.key === '=' && !event.shiftKey) return true
    if (/^[!-~]$/.test(event.key)) return event.key === combo.key
    return event.code === sign && event.shiftKey === (combo.key === '?')
  }
  if (combo.key === 'Space') return event.code === 'Space' && event.shiftKey === combo.shift
  return event.key === combo.key && event.shiftKey === combo.shift
}

interface LayoutMap { get(code: string): string | undefined }
let layout: LayoutMap | null = null
const keyboard = (navigator as Navigator & { keyboard?: { getLayoutMap(): Promise<LayoutMap> } }).keyboard
async function readLayout(): Promise<void> {
  try {
    layout = (await keyboard?.getLayoutMap()) ?? null
  } catch {
    // Not allowed here: the US letters are shown.
  }
}
void readLayout()

const shown: Record<string, string> = {
  ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', '-': '−', PageUp: 'PgUp', PageDown: 'PgDn', Backspace: isMac ? '⌫' : 'Backspace', Enter: 'Enter'
}

/** What to print on the little key caps, one entry per cap. */
export function keyCaps(keys: string): string[] {
  const { mod, shift, alt, key } = parseKeys(keys)
  const own = isLetter(key) ? (layout?.get(`Key${key}`) ?? key).toUpperCase() : (shown[key] ?? key)
  const caps = isMac
    ? [alt && '⌥', shift && '⇧', mod && '⌘', own]
    : [mod && 'Ctrl', alt && 'Alt', shift && 'Shift', own]
  return caps.filter((cap): cap is string => Boolean(cap))
}

export const keyText = (keys: string): string => keyCaps(keys).join(isMac ? '' : '+')
