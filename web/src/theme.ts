import { ActionIcon, type CSSVariablesResolver, createTheme } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontFamily: '"Inter Variable", system-ui, sans-serif', fontWeight: '620' },
  respectReducedMotion: true,
  colors: {
    // The kit's dark greys are warm; these sit with the indigo and the status colours.
    dark: [
      '#d3d5da',
      '#b0b3ba',
      '#a6a7ab',
      '#7f838c',
      '#3a3d45',
      '#2e3138',
      '#202227',
      '#16171a',
      '#121316',
      '#0e0f11',
    ],
  },
  components: {
    ActionIcon: ActionIcon.extend({
      vars: (_, { variant, color }) => ({
        root:
          variant === 'subtle' && color === 'gray'
            ? { '--ai-color': 'var(--mantine-color-dimmed)' }
            : {},
      }),
    }),
    // The placeholder is an element that may not stand in a menu.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    TextInput: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
  },
});

// The kit's own greys for dimmed text and placeholders miss the AA contrast; these reach it.
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-placeholder': '#646b73',
    '--mantine-color-error': '#c92a2a',
    '--tl-page': '#ffffff',
    '--tl-side': '#f7f8fa',
    '--tl-line': '#e6e8ec',
    '--tl-line-soft': '#f0f1f4',
    '--tl-hover': '#f5f7fb',
    '--tl-focus-row': '#eef2ff',
    '--tl-mark': '#dbe4ff',
    '--tl-strong': '#16181d',
    '--tl-answered': '#2b8a3e',
    '--tl-answered-text': '#237032',
    '--tl-missed': '#d6303a',
    '--tl-abandoned': '#d9480f',
    '--tl-abandoned-text': '#b23c0a',
    '--tl-voicemail': '#7048e8',
    '--tl-quiet': '#868e96',
    '--tl-ongoing': '#1c7ed6',
    '--tl-ongoing-text': '#1864ab',
    '--tl-warn-bg': '#fff7e6',
    '--tl-warn-line': '#f2d49b',
    '--tl-bad-bg': '#fff1f1',
    '--tl-bad-line': '#f5c2c2',
    '--tl-good-bg': '#effaf1',
    '--tl-good-line': '#bfe3c6',
    '--tl-code': '#f6f7f9',
  },
  dark: {
    '--mantine-color-dimmed': '#a6a7ab',
    '--mantine-color-placeholder': '#9a9ca2',
    '--mantine-color-error': '#ff8787',
    '--tl-page': '#16171a',
    '--tl-side': '#1b1c20',
    '--tl-line': '#2b2d33',
    '--tl-line-soft': '#24262b',
    '--tl-hover': '#1e2025',
    '--tl-focus-row': '#1f2440',
    '--tl-mark': '#2b3566',
    '--tl-strong': '#f3f4f6',
    '--tl-answered': '#51cf66',
    '--tl-answered-text': '#69db7c',
    '--tl-missed': '#ff6b6b',
    '--tl-abandoned': '#ff922b',
    '--tl-abandoned-text': '#ffa94d',
    '--tl-voicemail': '#9775fa',
    '--tl-quiet': '#909296',
    '--tl-ongoing': '#4dabf7',
    '--tl-ongoing-text': '#74c0fc',
    '--tl-warn-bg': '#2a2312',
    '--tl-warn-line': '#5c4a1c',
    '--tl-bad-bg': '#2c1a1c',
    '--tl-bad-line': '#5e2b2f',
    '--tl-good-bg': '#15261a',
    '--tl-good-line': '#2a4c33',
    '--tl-code': '#1d1f23',
  },
});
