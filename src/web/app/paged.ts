/** A list that the server hands out page by page, as one growing list; and a word that waits until typing rests. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

export type Page<Row> = { readonly rows: readonly Row[]; readonly next: string | null }
export type Paged<Row> = {
  readonly rows: readonly Row[]
  readonly pending: boolean
  readonly error: unknown
  readonly hasMore: boolean
  readonly loadingMore: boolean
  readonly more: () => void
  readonly retry: () => void
  /** The rows of an earlier question, kept on show while the next is asked. */
  readonly stale: boolean
}

export function usePaged<Row>(key: readonly unknown[], read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>): Paged<Row> {
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.next ?? undefined,
    placeholderData: keepPreviousData,
  })
  return {
    rows: list.data?.pages.flatMap(p => p.rows) ?? [],
    pending: list.isPending,
    error: list.isError ? list.error : null,
    hasMore: list.hasNextPage,
    loadingMore: list.isFetchingNextPage,
    more: () => {
      if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage()
    },
    retry: () => void list.refetch(),
    stale: list.isPlaceholderData,
  }
}

/** Asks the server once a word, not once a letter. */
export function useRested<T>(value: T, ms = 250): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return rested
}
