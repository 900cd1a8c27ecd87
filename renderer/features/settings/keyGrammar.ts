/** What a key means in every queue (PRODUCT, "Keys"); a screen says in its own words what it does there. */
export const keyGrammar: readonly { readonly title: string; readonly keys: readonly string[] }[] = [
  { title: 'Next', keys: ['Right', 'J', 'F'] },
  { title: 'Previous', keys: ['Left', 'K', 'D'] },
  { title: 'By group', keys: ['Shift+J', 'Shift+K'] },
  { title: 'Keep, accept', keys: ['P'] },
  { title: 'Drop, reject', keys: ['X'] },
  { title: 'Clear', keys: ['U'] },
  { title: 'Unsure, skip', keys: ['S'] },
  { title: 'Pick the n-th', keys: ['1'] },
  { title: 'Find, type to find a class', keys: ['/'] },
  { title: 'Repeat the last label', keys: ['R'] },
  { title: 'Whole picture, actual pixels', keys: ['Z'] },
  { title: 'Nudge the threshold', keys: ['[', ']'] },
  { title: 'Grid, one image', keys: ['G', 'E'] },
  { title: 'All of the list', keys: ['Mod+A'] },
  { title: 'Go to', keys: ['Mod+G'] }
]
