/** After a choice from a list by mouse or key the keyboard belongs to the screen again, not to the field that the list hung from. */
export const letGo = (): void => void requestAnimationFrame(() => {
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur()
})
