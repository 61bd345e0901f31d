/** Industry words to codes of GB/T 4754: by code (C34, 34, C3421 when known), or by the name of a section or division, with or without 业. */
type Industry = { readonly code: string; readonly parentCode: string | null; readonly labels: Readonly<Record<'zh-CN' | 'en', string>> }

const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s、,,和与及]/g, '')
    .replace(/(制造业|业)$/, '')

export function makeIndustryIndex(list: readonly Industry[]): { readonly resolve: (text: string) => string | null } {
  const codes = new Set(list.map(i => i.code))
  const byNumber = new Map(list.filter(i => i.code.length === 3).map(i => [i.code.slice(1), i.code]))
  const byName = new Map<string, string>()
  // A division wins over its section where both have one name (房地产业, 教育): the finer one says more.
  for (const i of list)
    for (const name of [i.labels['zh-CN'], i.labels.en]) for (const form of [name.toLowerCase(), bare(name)]) byName.set(form, i.code)
  return {
    resolve(text) {
      const clean = text.normalize('NFKC').trim()
      const code = /^[A-Ta-t]\d{0,4}$/.test(clean) ? clean.toUpperCase() : null
      if (code) return codes.has(code) ? code : codes.has(code.slice(0, 3)) ? code.slice(0, 3) : null
      if (/^\d{2,4}$/.test(clean)) return byNumber.get(clean.slice(0, 2)) ?? null
      return byName.get(clean.toLowerCase()) ?? byName.get(bare(clean)) ?? null
    },
  }
}
