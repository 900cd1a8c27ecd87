/** F6 goes round the parts of the window, so that Tab can stay with the work. */
export function nextRegion(direction: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')]
  if (regions.length === 0) return
  const now = regions.findIndex((region) => region.contains(document.activeElement))
  const next = regions[(now + direction + regions.length) % regions.length]
  if (!next) return
  const target = next.hasAttribute('data-work') ? (next.querySelector<HTMLElement>('[data-work]') ?? next) : (next.querySelector<HTMLElement>('button:not(:disabled), input, a[href], [tabindex="0"]') ?? next)
  if (!target.hasAttribute('tabindex') && target === next) target.tabIndex = -1
  target.focus()
}
