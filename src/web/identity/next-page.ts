/** Where to go after signing in: back to the page that was asked for, and never to another site. */
export function safeNext(search: string): string {
  const next = new URLSearchParams(search).get('next')?.replace(/^"|"$/g, '')
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/'
}
