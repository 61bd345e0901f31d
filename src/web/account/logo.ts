/** Two characters that stand for a company without a logo: those people call it by, after the place and before the kind of firm. */
const PLACES = /^(.{2,3}?(?:省|市|区|县|自治区))/
const FORMS = /(股份有限公司|有限责任公司|集团有限公司|有限公司|控股集团|集团|公司|\(.*\))$/u

export function logoOf(name: string, shortName: string | null): string {
  const text = (shortName ?? name).normalize('NFKC').trim()
  if (!/\p{Script=Han}/u.test(text)) {
    const words = text.split(/[\s.,&-]+/).filter(Boolean)
    return (words.length > 1 ? `${words[0]![0]}${words[1]![0]}` : text.slice(0, 2)).toUpperCase()
  }
  const bare = text.replace(FORMS, '').replace(PLACES, '')
  // A long full name begins with its city.
  const own = bare.length > 5 && !shortName ? bare.slice(2) : bare
  return [...own].slice(0, 2).join('')
}
