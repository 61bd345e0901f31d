/** A person without a photograph: the last characters of a Chinese name, initials of another, on a colour that stays with the name. */
const GROUNDS = ['#5E7C8C', '#8A6D5A', '#6F7F58', '#7A6A8C', '#4F7F7A', '#8C6A74']

export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  if (/\p{Script=Han}/u.test(name)) return [...name.replace(/\s/g, '')].slice(-2).join('')
  return (words.length > 1 ? `${words[0]![0]}${words.at(-1)![0]}` : name.slice(0, 2)).toUpperCase()
}

export function Face({ name, size = 26 }: { name: string; size?: number }) {
  const sum = [...name].reduce((all, c) => all + c.codePointAt(0)!, 0)
  return (
    <span className="jy-face" aria-hidden style={{ width: size, height: size, fontSize: size * 0.42, background: GROUNDS[sum % GROUNDS.length] }}>
      {initialsOf(name)}
    </span>
  )
}
