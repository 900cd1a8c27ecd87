import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

const neutral: MantineColorsTuple = ['#fafafa', '#f4f4f4', '#ececec', '#d9d9d9', '#bdbdbd', '#9a9a9a', '#767676', '#5c5c5c', '#3a3a3a', '#1f1f1f']
const dark: MantineColorsTuple = ['#e6e6e6', '#c9c9c9', '#a8a8a8', '#8a8a8a', '#3a3a3a', '#343434', '#2e2e2e', '#242424', '#1f1f1f', '#1b1b1b']
const accent: MantineColorsTuple = ['#eaf2ff', '#d3e3ff', '#a8c8ff', '#7fadff', '#629bff', '#4c8dff', '#2f6fe4', '#1d5fd6', '#154fb8', '#0d3f97']
const accept: MantineColorsTuple = ['#e8f7f0', '#d0eee0', '#a3ddc3', '#74cca5', '#55be90', '#3fb27f', '#2b8f64', '#1c7a50', '#12623f', '#094c2f']
const reject: MantineColorsTuple = ['#fdeceb', '#fad8d6', '#f4b1ae', '#f08a85', '#ea746e', '#e5645e', '#cf4a44', '#b93a34', '#962b26', '#781f1b']
const unsure: MantineColorsTuple = ['#fdf5e5', '#f8e8c5', '#f0d294', '#e6b863', '#dfae51', '#d9a441', '#b5842a', '#8a6110', '#6e4c0b', '#543906']
const variant: MantineColorsTuple = ['#f2edfd', '#e3d9fa', '#c9b7f5', '#b59df2', '#a78aee', '#9b7bea', '#8161da', '#6d49c9', '#5837aa', '#44298a']

/** Mantine drawn with the tokens of styles/tokens.css: dense, neutral, one accent. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  colors: { gray: neutral, dark, accent, accept, reject, unsure, variant },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  defaultRadius: 6,
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.45', lg: '1.45', xl: '1.3' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  headings: { fontFamily: 'var(--font)', fontWeight: '600', sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '15px' }, h3: { fontSize: '13px' } } },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 28 } },
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', allowDeselect: false } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Autocomplete: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Radio: { defaultProps: { size: 'xs' } },
    Tabs: { defaultProps: { keepMounted: false } },
    Tooltip: { defaultProps: { openDelay: 350, transitionProps: { duration: 80 }, withArrow: false } },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Popover: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Spotlight: { defaultProps: { overlayProps: { blur: 0, backgroundOpacity: 0.32 }, centered: false, yOffset: '12vh', shadow: 'xl', transitionProps: { duration: 0 } } },
    SpotlightRoot: { defaultProps: { overlayProps: { blur: 0, backgroundOpacity: 0.32 }, centered: false, yOffset: '12vh', shadow: 'xl', transitionProps: { duration: 0 } } },
    Badge: { defaultProps: { tt: 'none', fw: 600 } },
    // The hint stands below the field, so that fields in one row stand in one line.
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    // No fading: a key that follows Escape at once must reach the screen below.
    Modal: { defaultProps: { transitionProps: { duration: 0 }, centered: true, overlayProps: { backgroundOpacity: 0.55 } } }
  }
})

const shared = {
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-dimmed': 'var(--text-dim)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-anchor': 'var(--accent-text)',
  '--mantine-color-placeholder': 'var(--text-faint)',
  '--mantine-color-error': 'var(--reject-text)',
  '--mantine-color-accent-light': 'var(--accent-wash)',
  '--mantine-color-accent-light-hover': 'var(--accent-wash)',
  '--mantine-color-accent-light-color': 'var(--accent-text)'
}

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...shared, '--mantine-color-default': '#ffffff', '--mantine-color-default-hover': '#f0f0f0', '--mantine-color-default-color': 'var(--text)' },
  dark: { ...shared, '--mantine-color-default': '#2e2e2e', '--mantine-color-default-hover': '#383838', '--mantine-color-default-color': 'var(--text)' }
})

/** The nonce of this load, which the engine writes into the page; styles that are added while running must carry it. */
export const styleNonce = (): string => document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''

/** Lets the libraries below Mantine (react-remove-scroll's style sheet, when a dialog opens) find the nonce: this global is where they look. */
export function shareStyleNonce(): void {
  Object.assign(globalThis, { __webpack_nonce__: styleNonce() })
}
