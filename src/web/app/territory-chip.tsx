/** A territory in a line of text: swatch, code, name. The code is always there: colour never stands alone. */
import './territory-chip.css'

export type TerritoryChipProps = { readonly code: string; readonly name?: string; readonly colour: number | null }

export function TerritoryChip({ code, name, colour }: TerritoryChipProps) {
  return (
    <span className="jy-terr" title={name ? `${code} ${name}` : code}>
      <i aria-hidden style={{ background: colour === null ? 'transparent' : `var(--jy-terr-${((colour % 8) + 8) % 8})` }} />
      <b>{code}</b>
      {name && <span className="jy-ellipsis">{name}</span>}
    </span>
  )
}
