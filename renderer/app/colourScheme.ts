import { localStorageColorSchemeManager } from '@mantine/core'

/** The theme is a matter of this screen, not of the project: it stays in the window's storage. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'winnow-theme' })
