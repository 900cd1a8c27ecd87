import type { KeyPress } from '../app/keys.ts'

/** The keys 1 to 9, for actions that take a number. */
export const digits: readonly string[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

/** Which of them was pressed; 1 where there was no key (a click on the hint). */
export const digitOf = (event: Pick<KeyPress, 'code'> | undefined): number => Number(/(?:Digit|Numpad)([1-9])/.exec(event?.code ?? '')?.[1] ?? 1)
