import type { Page } from 'playwright-core'
import type { Face } from './faces.ts'

export const patience = { timeout: 60_000 }

/** A person without a mouse. */
export const hands = (page: Page) => ({
  press: async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
  },
  type: async (text: string): Promise<void> => await page.keyboard.type(text),
  seen: async (text: RegExp | string): Promise<void> => await page.getByText(text).first().waitFor(patience),
  gone: async (text: RegExp | string): Promise<void> => await page.getByText(text).first().waitFor({ ...patience, state: 'detached' })
})

/** A browser keeps Ctrl and a digit for its own tabs. */
export const roomKey = (face: Face, digit: number): string => (face === 'Electron' ? `Control+${digit}` : `Control+Shift+Digit${digit}`)

/** What a screen reader could not name: buttons, links and fields without a name, as HTML. */
export async function unnamed(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const nameOf = (element: Element): string => [
      element.getAttribute('aria-label'),
      ...(element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent),
      ...[...((element as HTMLInputElement).labels ?? [])].map((label) => label.textContent),
      element.textContent, element.getAttribute('title'), element.getAttribute('placeholder')
    ].join('').trim()
    return [...document.querySelectorAll('button, a[href], input, select, textarea, [role=button], [role=slider], [role=switch]')]
      .filter((element) => element.checkVisibility() && !element.closest('[aria-hidden=true]') && nameOf(element) === '')
      .map((element) => element.outerHTML.slice(0, 200))
  })
}

/** Whether the focus can be seen: a ring around what has it. */
export async function focusRing(page: Page): Promise<boolean> {
  return await page.evaluate(() => {
    const focused = document.activeElement
    if (!focused || focused === document.body) return false
    return [focused, focused.parentElement].filter((element) => element !== null).some((element) => {
      const { outlineStyle, outlineWidth, borderColor } = getComputedStyle(element)
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) || borderColor === 'rgb(76, 141, 255)'
    })
  })
}
