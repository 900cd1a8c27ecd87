const start = 'clean v='

/** Why an image was dropped: a cell of the cleaning rule was chosen. */
export const cleaningReason = ({ v, f }: { readonly v: number; readonly f: number }, evidence: 'inliers' | 'mutual-rank'): string =>
  `${start}${v} f=${f}${evidence === 'inliers' ? '' : ' (mutual ranks)'}`

/** Whether a reason is one of these. Another cell that is chosen later takes the place of what this one did. */
export const isCleaningReason = (reason: unknown): boolean => typeof reason === 'string' && reason.startsWith(start)

/** For SQLite's GLOB. */
export const cleaningReasonPattern = `${start}*`
