/** Letters as strokes on a grid of 5 x 7 points, each point two digits (x from the left, y from the top), polylines apart by blanks. Our own: no font, no licence, the same everywhere. */
const glyphs: Readonly<Record<string, string>> = {
  A: '062046 1434', B: '060030414233033344453606', C: '4130100105163645', D: '00304145360600', E: '40000646 0333', F: '400006 0333', G: '41301001051636454323',
  H: '0006 4046 0343', I: '2026 1030 1636', J: '4045361605', K: '0006 400346', L: '000646', M: '0600234046', N: '06004640', O: '103041453616050110',
  P: '06003041423303', Q: '103041453616050110 2446', R: '06003041423303 2346', S: '413010010213334445361605', T: '0040 2026', U: '000516364540', V: '002640',
  W: '0016233640', X: '0046 4006', Y: '002340 2326', Z: '00400646',
  0: '103041453616050110 1531', 1: '112026 1636', 2: '01103041420646', 3: '01103041423313 334445361605', 4: '36300444', 5: '4000033344453606', 6: '4130100105163645443303',
  7: '004016', 8: '103041423313020110 1304051636454433', 9: '0516364541301001021343',
  '!': '2024 2526', '?': '01103041422324 2526', '.': '2526', ',': '2617', '-': '1333', '#': '1016 3036 0242 0444', ':': '2122 2526', "'": '2021', '/': '4006', '+': '2125 0343'
}

/** Advance from letter to letter, in grid units; a letter is 4 wide and 6 high. */
const advance = 6

/** Width and height of a line of text in grid units. */
export const textSize = (text: string): { width: number; height: number } => ({ width: Math.max(4, text.length * advance - 2), height: 6 })

/** SVG path data of a line of text in grid units, from (0, 0). Letters without a glyph (small ones are drawn as capitals) are left blank. */
export function textPath(text: string): string {
  const strokes: string[] = []
  for (const [i, character] of [...text.toUpperCase()].entries()) {
    for (const line of (glyphs[character] ?? '').split(' ').filter((each) => each !== '')) {
      const points = line.match(/../gu) ?? []
      strokes.push(points.map(([x = '0', y = '0'], k) => `${k === 0 ? 'M' : 'L'}${Number(x) + i * advance} ${y}`).join(''))
    }
  }
  return strokes.join('')
}

/** A line of text as an SVG element: its upper left corner, the height of its letters, its colour. */
export const textElement = (text: string, { x, y, height, colour, weight = 0.8, opacity = 1 }: { x: number; y: number; height: number; colour: string; weight?: number; opacity?: number }): string =>
  `<path transform="translate(${x} ${y}) scale(${height / 6})" d="${textPath(text)}" fill="none" stroke="${colour}" stroke-width="${weight}" stroke-linecap="round" stroke-linejoin="round" opacity="${opacity}"/>`

export const phrases = [
  'LOL', 'WHEN IT IS MONDAY', 'NO COMMENT', 'BEST DAY EVER', 'SALE -50', 'BREAKING NEWS', 'FOLLOW FOR MORE', 'WAIT FOR IT...', 'ME: FINE', 'THIS IS HUGE!', 'DO NOT SHARE', 'OLD BUT GOLD',
  'SUMMER 2021', 'SWIPE UP', 'LINK IN BIO', 'WHY THOUGH?', 'PART 2/3', 'GOOD VIBES ONLY', '#THROWBACK', 'COPYRIGHT 2020', 'SEEN TODAY', 'TRUE STORY', 'MOOD', 'NOW LIVE'
] as const
