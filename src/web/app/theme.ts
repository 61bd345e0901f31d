/**
 * Colours and measures of the product, light and dark: chrome in ink and paper, one accent, and the eight hues kept for territories.
 * The same values feed antd and the `--jy-*` variables of our own style sheets, so that neither drifts from the other.
 */
import type { ThemeConfig } from 'antd'
import { theme as antdTheme } from 'antd'

export type Mode = 'light' | 'dark'
type Tokens = Record<string, string | number>

const FONT = "'Inter Variable', Inter, 'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei', 'Noto Sans CJK SC', system-ui, sans-serif"

/** Shared by both modes: sizes, motion, type. */
const MEASURES = {
  fontFamily: FONT,
  fontSize: 13,
  fontSizeSM: 12,
  fontSizeLG: 15,
  fontSizeHeading3: 19,
  fontSizeHeading4: 17,
  fontSizeHeading5: 15,
  fontWeightStrong: 600,
  borderRadius: 6,
  borderRadiusSM: 4,
  borderRadiusXS: 3,
  borderRadiusLG: 8,
  controlHeight: 30,
  controlHeightSM: 24,
  controlHeightLG: 38,
  controlOutlineWidth: 2,
  sizeUnit: 4,
  sizeStep: 4,
  motionDurationFast: '0.12s',
  motionDurationMid: '0.16s',
  motionDurationSlow: '0.2s',
} satisfies Tokens

const LIGHT = {
  colorPrimary: '#1B5E73',
  colorInfo: '#1B5E73',
  colorSuccess: '#2B7A4B',
  colorWarning: '#9A5F0B',
  colorError: '#BE3A22',
  colorLink: '#1B5E73',
  colorTextBase: '#17242B',
  colorBgBase: '#FFFFFF',
  colorText: '#17242B',
  colorTextSecondary: '#4F5C62',
  colorTextTertiary: '#5F6B71',
  colorTextQuaternary: '#8A9498',
  colorTextDisabled: '#8A9498',
  colorTextPlaceholder: '#6B777C',
  colorBgLayout: '#F5F4F0',
  colorBgContainer: '#FFFFFF',
  colorBgElevated: '#FFFFFF',
  colorBgContainerDisabled: '#F2F1EC',
  colorBorder: '#D8D7D0',
  colorBorderSecondary: '#E4E3DD',
  colorSplit: '#EFEEE9',
  colorFillAlter: '#FAF9F6',
  colorFillTertiary: '#F0EFEA',
  colorFillSecondary: '#EDECE6',
  colorPrimaryBg: '#E4EFF2',
  colorPrimaryBgHover: '#CFE2E8',
  colorSuccessBg: '#E5F2E9',
  colorWarningBg: '#FBF0DC',
  colorErrorBg: '#FBE7E2',
  colorInfoBg: '#E4EFF2',
  controlItemBgActive: '#E4EFF2',
  controlItemBgHover: '#F6F5F1',
  controlOutline: '#CFE2E8',
  boxShadow: '0 2px 10px rgba(23,36,43,.08)',
  boxShadowSecondary: '0 6px 22px rgba(23,36,43,.16)',
} satisfies Tokens

const DARK = {
  colorPrimary: '#5FB3C9',
  colorInfo: '#5FB3C9',
  colorSuccess: '#6CC08F',
  colorWarning: '#E0A94A',
  colorError: '#EE8A72',
  colorLink: '#5FB3C9',
  colorTextBase: '#E6EDEF',
  colorBgBase: '#0F191F',
  colorText: '#E6EDEF',
  colorTextSecondary: '#A9B8BE',
  colorTextTertiary: '#8699A1',
  colorTextPlaceholder: '#8699A1',
  colorTextLightSolid: '#0F191F',
  colorBgSpotlight: '#E6EDEF',
  colorBgLayout: '#0F191F',
  colorBgContainer: '#18252C',
  colorBgElevated: '#1E2E36',
  colorBorder: '#34464F',
  colorBorderSecondary: '#2A3A42',
  colorSplit: '#24333B',
  colorFillAlter: '#1B2930',
  colorFillTertiary: '#22323A',
  colorFillSecondary: '#283942',
  colorPrimaryBg: '#1E3A45',
  colorPrimaryBgHover: '#26495A',
  colorSuccessBg: '#1B3527',
  colorWarningBg: '#3A2E17',
  colorErrorBg: '#3F231D',
  colorInfoBg: '#1E3A45',
  controlItemBgActive: '#1E3A45',
  controlItemBgHover: '#22323A',
  controlOutline: '#1E3A45',
} satisfies Tokens

const LIGHT_COMPONENTS: ThemeConfig['components'] = {
  Layout: { siderBg: '#14232B', headerBg: '#FFFFFF', headerHeight: 48, headerPadding: '0 16px', bodyBg: '#F5F4F0' },
  Menu: { darkItemBg: '#14232B', darkItemSelectedBg: '#24505F', darkItemColor: '#9DB0B8', darkItemSelectedColor: '#FFFFFF', itemHeight: 50 },
  Table: {
    headerBg: '#FAF9F6',
    headerColor: '#5F6B71',
    headerSplitColor: 'transparent',
    borderColor: '#EFEEE9',
    rowHoverBg: '#F8F8F5',
    rowSelectedBg: '#EEF5F6',
    cellFontSize: 13,
    cellPaddingBlock: 7,
    cellPaddingInline: 8,
    cellPaddingBlockMD: 6,
    cellPaddingInlineMD: 8,
    cellPaddingBlockSM: 4,
    cellPaddingInlineSM: 8,
  },
  Card: { headerFontSize: 13.5, headerHeight: 40, bodyPadding: 14, headerPadding: 14 },
  Tabs: { horizontalItemPadding: '9px 0', horizontalItemGutter: 20, titleFontSize: 13 },
  Segmented: { trackBg: '#EDECE6', itemSelectedBg: '#FFFFFF', itemColor: '#4F5C62', trackPadding: 2 },
  Tree: { titleHeight: 28, nodeSelectedBg: '#E4EFF2', nodeHoverBg: '#F6F5F1', indentSize: 14 },
  Button: {
    fontWeight: 500,
    primaryShadow: 'none',
    defaultShadow: 'none',
    dangerShadow: 'none',
    paddingInline: 12,
    paddingInlineSM: 8,
    defaultBorderColor: '#D8D7D0',
  },
  Tag: { defaultBg: '#F0EFEA', defaultColor: '#4F5C62' },
  Progress: { defaultColor: '#1B5E73', remainingColor: '#EBEAE4' },
  Tooltip: { maxWidth: 320 },
  Timeline: { tailColor: '#E4E3DD' },
  Statistic: { contentFontSize: 24, titleFontSize: 12 },
}

const DARK_COMPONENTS: ThemeConfig['components'] = {
  ...LIGHT_COMPONENTS,
  Layout: { ...LIGHT_COMPONENTS.Layout, siderBg: '#0B1318', headerBg: '#18252C', bodyBg: '#0F191F' },
  Menu: { ...LIGHT_COMPONENTS.Menu, darkItemBg: '#0B1318' },
  Table: {
    ...LIGHT_COMPONENTS.Table,
    headerBg: '#1B2930',
    headerColor: '#8699A1',
    borderColor: '#24333B',
    rowHoverBg: '#1D2C34',
    rowSelectedBg: '#1E3A45',
  },
  Segmented: { trackBg: '#0F191F', itemSelectedBg: '#2A3A42', itemColor: '#A9B8BE', trackPadding: 2 },
  Tree: { ...LIGHT_COMPONENTS.Tree, nodeSelectedBg: '#1E3A45', nodeHoverBg: '#22323A' },
  Button: { ...LIGHT_COMPONENTS.Button, defaultBorderColor: '#34464F' },
  Tag: { defaultBg: '#22323A', defaultColor: '#A9B8BE' },
  Progress: { defaultColor: '#5FB3C9', remainingColor: '#24333B' },
  Timeline: { tailColor: '#2A3A42' },
}

/** Eight hues for territories, apart for colour-blind eyes too; the order is part of the data. Dark is 72 % over the dark ground. */
export const TERRITORY_COLOURS: Readonly<Record<Mode, readonly string[]>> = {
  light: ['#ca7053', '#c6e6ff', '#c1ab48', '#95ad92', '#ffd6d5', '#5cb3e6', '#e1e99d', '#9783a3'],
  dark: ['#965844', '#93adc0', '#8f823d', '#6f8472', '#bca1a2', '#4688ae', '#a6af7a', '#71657e'],
}

/**
 * On a phone a finger needs 44 px and a field 16 px of type (else the browser zooms in); elsewhere the desk's density holds. Who asks
 * for calm gets no movement.
 */
export function themeFor(mode: Mode, { phone, calm }: { phone: boolean; calm: boolean }): ThemeConfig {
  const sizes = phone ? { ...MEASURES, fontSize: 14, controlHeight: 44, controlHeightSM: 36, controlHeightLG: 48 } : MEASURES
  const components = mode === 'dark' ? DARK_COMPONENTS : LIGHT_COMPONENTS
  return {
    algorithm: mode === 'dark' ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
    token: { ...sizes, ...(mode === 'dark' ? DARK : LIGHT), motion: !calm },
    components: phone ? { ...components, Input: { inputFontSize: 16 }, InputNumber: { inputFontSize: 16 } } : components,
  }
}

/** The same colours as CSS variables, by name without `--`. */
export function variablesFor(mode: Mode): Readonly<Record<string, string>> {
  const t = mode === 'dark' ? DARK : LIGHT
  return {
    'jy-paper': t.colorBgLayout,
    'jy-ink': t.colorText,
    'jy-ochre': '#D49A3A',
    'jy-band': mode === 'dark' ? '#1C3229' : '#E8F1EC',
    'jy-hatch-overlap': '#C23B22',
    'jy-rail': mode === 'dark' ? '#0B1318' : '#14232B',
    'jy-surface': t.colorBgContainer,
    'jy-elevated': t.colorBgElevated,
    'jy-alter': t.colorFillAlter,
    'jy-fill': t.colorFillTertiary,
    'jy-hover': t.controlItemBgHover,
    'jy-line': t.colorBorder,
    'jy-line-soft': t.colorBorderSecondary,
    'jy-split': t.colorSplit,
    'jy-text-2': t.colorTextSecondary,
    'jy-text-3': t.colorTextTertiary,
    'jy-primary': t.colorPrimary,
    'jy-primary-bg': t.colorPrimaryBg,
    'jy-primary-edge': t.colorPrimaryBgHover,
    'jy-ok': t.colorSuccess,
    'jy-ok-bg': t.colorSuccessBg,
    'jy-warn': t.colorWarning,
    'jy-warn-bg': t.colorWarningBg,
    'jy-bad': t.colorError,
    'jy-bad-bg': t.colorErrorBg,
    'jy-shadow': mode === 'dark' ? '0 6px 22px rgba(0,0,0,.5)' : '0 6px 22px rgba(23,36,43,.16)',
    ...Object.fromEntries(TERRITORY_COLOURS[mode].map((colour, i) => [`jy-terr-${i}`, colour])),
  }
}
