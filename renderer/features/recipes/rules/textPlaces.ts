/** Finds a place such as steps[3].with.k in the text of a JSON file, so that a problem can be shown where it is. */

type Path = readonly (string | number)[]

export function parsePlace(at: string): Path {
  return [...at.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) => (index === undefined ? (name ?? '') : Number(index)))
}

/** Where in the text the place begins, or the deepest part of it that is there; null for a place that says nothing. */
export function offsetOf(text: string, at: string): number | null {
  const line = /^line (\d+)$/.exec(at)?.[1]
  if (line !== undefined) return startOfLine(text, Number(line))
  const path = parsePlace(at)
  if (path.length === 0) return null
  let offset: number | null = null
  let depth = 0
  walk(text, (found, start) => {
    if (found.length > depth && found.length <= path.length && found.every((part, i) => part === path[i])) {
      depth = found.length
      offset = start
    }
  })
  return offset
}

/** The line, from 1, that a place is on; null where it cannot be told. */
export function lineOf(text: string, at: string): number | null {
  const offset = offsetOf(text, at)
  return offset === null ? null : text.slice(0, offset).split('\n').length
}

function startOfLine(text: string, line: number): number {
  let at = 0
  for (let n = 1; n < line; n++) {
    const next = text.indexOf('\n', at)
    if (next < 0) return at
    at = next + 1
  }
  return at
}

interface Open {
  readonly kind: '{' | '['
  key: string | number
}

/** Visits every key and every entry of a list with its path. Broken JSON is walked as far as it makes sense. */
function walk(text: string, visit: (path: Path, start: number) => void): void {
  const open: Open[] = []
  let expectKey = false
  const path = (): Path => open.map(({ key }) => key)
  const entry = (start: number): void => {
    const top = open.at(-1)
    if (top?.kind === '[') visit(path(), start)
  }
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const top = open.at(-1)
    if (token === '{' || token === '[') {
      if (!expectKey) entry(index)
      open.push({ kind: token, key: token === '[' ? 0 : '' })
      expectKey = token === '{'
    } else if (token === '}' || token === ']') {
      open.pop()
      expectKey = false
    } else if (token === ',') {
      if (top?.kind === '[') top.key = Number(top.key) + 1
      expectKey = top?.kind === '{'
    } else if (token === ':') expectKey = false
    else if (expectKey && top) {
      top.key = unquote(token)
      visit(path(), index)
    } else entry(index)
  }
}

function unquote(token: string): string {
  try {
    return String(JSON.parse(token))
  } catch {
    return token.replaceAll('"', '')
  }
}
