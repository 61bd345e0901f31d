/** Pasted lines that nobody knows, each with its number and why. */
const SHOWN = 200

export function Rejected({ lines }: { lines: readonly { readonly line: number; readonly words: string }[] }) {
  if (lines.length === 0) return null
  return (
    <ul className="jy-rejected">
      {lines.slice(0, SHOWN).map(r => (
        <li key={r.line}>{r.words}</li>
      ))}
      {lines.length > SHOWN && <li>… +{lines.length - SHOWN}</li>}
    </ul>
  )
}
