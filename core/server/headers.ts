/** On every answer: no sniffing, no referrer, no other origin may embed or read it. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), payment=()'
}

/** The page: only its own files, styles with this load's nonce, pictures also from canvas and blob. */
export const pagePolicy = (nonce: string, host: string, secure: boolean): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    // Older engines do not count ws: to the same host as 'self'.
    `connect-src 'self' ${secure ? 'wss' : 'ws'}://${host}`,
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'none'"
  ].join('; ')

/** Files of the page (a worker script runs under its own file's policy). */
export const assetPolicy = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

/** Pictures and data: opened on their own they may do nothing at all (an SVG could hold a script). */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox"
