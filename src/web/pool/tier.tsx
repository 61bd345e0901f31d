/** A customer's tier as a small square with its letters. */
export function Tier({ tier }: { tier: string | null }) {
  return tier === null ? (
    <span className="jy-muted">–</span>
  ) : (
    <span className="jy-pool-tier" data-tier={tier}>
      {tier}
    </span>
  )
}
