/** Other names of a brand 别名, from a table the company keeps: 纷享销客 trades under what the register calls 易动纷享. */
import type { CompanyName } from './company-name.ts'

/** Each brand with its other names, both ways. */
export type Aliases = ReadonlyMap<string, readonly string[]>

export function makeAliases(groups: readonly (readonly string[])[]): Aliases {
  const all = new Map<string, string[]>()
  for (const group of groups) for (const brand of group) all.set(brand, [...(all.get(brand) ?? []), ...group.filter(other => other !== brand)])
  return all
}

export function otherNames(name: CompanyName, aliases: Aliases, sound: (text: string) => string): readonly CompanyName[] {
  return (aliases.get(name.brand) ?? []).map(brand => ({
    ...name,
    brand,
    tail: name.tail.replace(name.brand, brand),
    sound: name.latin ? brand : sound(brand),
    alias: true,
  }))
}
