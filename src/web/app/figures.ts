/** Figures of the territory pages: whole counts with separators, money shortened to 万 and 亿 or K and M. */
export const count = (n: number): string => n.toLocaleString('en-US')

export function money(text: string, language: string): string {
  if (text === '') return '–'
  const value = Number(text)
  const zh = language !== 'en'
  const steps: readonly (readonly [number, string])[] = zh
    ? [
        [1e8, language === 'zh-TW' ? '億' : '亿'],
        [1e4, language === 'zh-TW' ? '萬' : '万'],
      ]
    : [
        [1e9, 'B'],
        [1e6, 'M'],
        [1e3, 'K'],
      ]
  for (const [size, unit] of steps)
    if (Math.abs(value) >= size) return `${(value / size).toLocaleString('en-US', { maximumFractionDigits: value / size >= 100 ? 0 : 2 })}${unit}`
  return count(value)
}
