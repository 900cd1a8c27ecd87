type Wanted = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'nothing'

/** Where a text stops being JSON (RFC 8259): the offset of the first token that cannot be there, or the text's length where it ends too early; null where it is JSON. */
export function jsonErrorAt(text: string): number | null {
  const space = /[ \t\n\r]*/y
  // oxlint-disable-next-line no-control-regex -- JSON's strings hold none of these
  const token = /[{}[\]:,]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
  const open: ('{' | '[')[] = []
  let wanted: Wanted = 'value'
  for (let at = 0; ; at = token.lastIndex) {
    space.lastIndex = at
    space.exec(text)
    const start = space.lastIndex
    if (start === text.length) return wanted === 'nothing' ? null : start
    token.lastIndex = start
    const found = token.exec(text)?.[0]
    const next: Wanted | null = found === undefined ? null : nextOf(found, wanted, open)
    if (next === null) return start
    wanted = next
  }
}

/** What may come after the token, or null where the token may not come at all. `open`: the brackets around it. */
function nextOf(token: string, wanted: Wanted, open: ('{' | '[')[]): Wanted | null {
  const after = (): Wanted => (open.length === 0 ? 'nothing' : ', or end')
  const isValue = wanted === 'value' || wanted === 'value or ]'
  switch (token) {
    case '{':
    case '[':
      if (!isValue) return null
      open.push(token)
      return token === '{' ? 'key or }' : 'value or ]'
    case '}':
    case ']':
      if (open.at(-1) !== (token === '}' ? '{' : '[') || (wanted !== ', or end' && wanted !== (token === '}' ? 'key or }' : 'value or ]'))) return null
      open.pop()
      return after()
    case ',': return wanted !== ', or end' ? null : open.at(-1) === '{' ? 'key' : 'value'
    case ':': return wanted === ':' ? 'value' : null
  }
  if (wanted === 'key' || wanted === 'key or }') return token.startsWith('"') ? ':' : null
  return isValue ? after() : null
}
