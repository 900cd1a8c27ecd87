/** index.html for one load: its nonce for the component library's styles, in a meta tag and wherever `{{nonce}}` stands. */
export function withNonce(html: string, nonce: string): string {
  const filled = html.replaceAll('{{nonce}}', nonce)
  if (/<meta[^>]+name="csp-nonce"/.test(filled)) return filled
  return filled.replace(/<head[^>]*>/, (head) => `${head}<meta name="csp-nonce" content="${nonce}" />`)
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** A page of a heading and sentences, for when the app itself cannot be shown. Needs no script and no style sheet. */
export const plainPage = (heading: string, ...sentences: readonly string[]): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="dark light"><title>Winnow</title></head><body><h1>${escape(heading)}</h1>${sentences.map((sentence) => `<p>${escape(sentence)}</p>`).join('')}</body></html>`

export const closedPage = plainPage(
  'Winnow is running, but this window may not come in',
  'Open the address that Winnow printed in its terminal (it ends in ?token=…). Each works once: the newest one is the one to take.'
)

export const notBuiltPage = plainPage('The window has not been built yet', 'Run npm run build in Winnow’s folder (npm start does it by itself), then start Winnow again.')
