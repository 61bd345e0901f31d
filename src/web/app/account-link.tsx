/** A customer's name that leads to its page without loading the product anew. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

export function AccountLink({ id, className, children }: { id: string; className?: string; children: ReactNode }) {
  return (
    <Link to={'/accounts/$id' as never} params={{ id } as never} className={className}>
      {children}
    </Link>
  )
}
