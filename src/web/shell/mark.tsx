/** The mark: a folded map with one border in dispute. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 26 26" fill="none" stroke="currentColor" strokeWidth={1.6} strokeLinejoin="round" aria-hidden="true">
      <path d="M3 6.500 9.500 4l7 3L23 4.500v15L16.500 22l-7-3L3 21.500z" />
      <path d="M9.500 4v6l4 3.500-4 5.500M16.500 7v3l-3 3.500 3 3V22" strokeWidth={1.1} />
      <circle cx="13.500" cy="13.500" r="1.900" fill="#EE8A72" stroke="none" />
    </svg>
  )
}
