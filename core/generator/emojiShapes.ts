/** Small drawn faces and signs in a box of 100 x 100: our own shapes, no emoji font. */
const face = (features: string): string => `<circle cx="50" cy="50" r="46" fill="#ffcc33" stroke="#c98a10" stroke-width="3"/>${features}`
const eyes = '<ellipse cx="34" cy="40" rx="6" ry="9" fill="#40300a"/><ellipse cx="66" cy="40" rx="6" ry="9" fill="#40300a"/>'
const heart = (x: number, y: number, size: number, colour: string): string =>
  `<path transform="translate(${x} ${y}) scale(${size / 100})" d="M50 88C8 58 4 34 14 20C26 4 46 10 50 28C54 10 74 4 86 20C96 34 92 58 50 88Z" fill="${colour}"/>`

export const emojiShapes = {
  smile: face(`${eyes}<path d="M24 60Q50 88 76 60" fill="none" stroke="#40300a" stroke-width="6" stroke-linecap="round"/>`),
  laugh: face('<path d="M24 42Q34 30 44 42M56 42Q66 30 76 42" fill="none" stroke="#40300a" stroke-width="6" stroke-linecap="round"/><path d="M22 56H78Q74 88 50 88Q26 88 22 56Z" fill="#7a2020"/>'),
  tears: face(`${eyes}<path d="M32 76Q50 60 68 76" fill="none" stroke="#40300a" stroke-width="6" stroke-linecap="round"/><path d="M34 50Q24 68 34 74Q44 68 34 50Z" fill="#5ab4f0"/>`),
  surprise: face(`${eyes}<ellipse cx="50" cy="70" rx="11" ry="14" fill="#40300a"/>`),
  love: face(`${heart(18, 22, 30, '#e02040')}${heart(52, 22, 30, '#e02040')}<path d="M26 64Q50 90 74 64" fill="none" stroke="#40300a" stroke-width="6" stroke-linecap="round"/>`),
  cool: face('<path d="M14 34H86V42Q84 54 70 54Q56 54 54 42H46Q44 54 30 54Q16 54 14 42Z" fill="#181818"/><path d="M32 70Q50 82 70 68" fill="none" stroke="#40300a" stroke-width="6" stroke-linecap="round"/>'),
  heart: heart(0, 0, 100, '#e02040'),
  star: '<path d="M50 4L63 36L97 39L71 61L79 95L50 77L21 95L29 61L3 39L37 36Z" fill="#ffc21a" stroke="#c98a10" stroke-width="3"/>',
  fire: '<path d="M50 4Q60 26 76 42Q92 60 80 80Q70 96 50 96Q30 96 20 80Q10 60 26 46Q28 58 36 60Q32 30 50 4Z" fill="#f0601a"/><path d="M50 52Q66 66 62 80Q58 92 50 92Q42 92 38 80Q36 68 50 52Z" fill="#ffd23a"/>',
  hundred: '<path d="M12 84L20 20L8 30M34 24Q54 14 52 52Q50 86 34 80Q24 60 34 24ZM66 22Q88 14 86 50Q84 82 68 78Q56 56 66 22Z" fill="none" stroke="#d81f2a" stroke-width="9" stroke-linecap="round"/>'
} as const
export type EmojiShape = keyof typeof emojiShapes
export const emojiNames = Object.keys(emojiShapes) as [EmojiShape, ...EmojiShape[]]
