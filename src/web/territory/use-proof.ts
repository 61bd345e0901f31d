/** The proof of a model as the map page and the rule editor read it: asked again whenever the model was read anew, and every second while one is running. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type FINDING_KINDS, getProof, type ProofResult, proveRule } from '../../contract/territory/proof.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { call, type ReplyOf } from '../app/api.ts'

export type FindingKind = (typeof FINDING_KINDS)[number]
const EVERY = 1_000

/** `read`: changes whenever the territories were read again, and so after every edit. */
export function useProof(modelId: string | undefined, read: number) {
  return useQuery<ReplyOf<typeof getProof>>({
    queryKey: ['proof', modelId, read],
    enabled: modelId !== undefined && read > 0,
    // The last result stays with its time until there is a new one; another model's never does.
    placeholderData: (last, query) => (query?.queryKey[1] === modelId ? last : undefined),
    queryFn: ({ signal }) => call(getProof, { params: { id: modelId! }, query: {}, signal }),
    refetchInterval: query => (query.state.data?.running ? EVERY : false),
  })
}

export function useFindings(modelId: string, kind: FindingKind, stamp: string | undefined) {
  return useInfiniteQuery({
    queryKey: ['proof-findings', modelId, kind, stamp],
    enabled: stamp !== undefined,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => call(getProof, { params: { id: modelId }, query: { kind, cursor: pageParam }, signal }),
    getNextPageParam: page => page.next ?? undefined,
  })
}

/** What an edited rule would prove, before it is saved. */
export function useRuleProof(modelId: string, territoryId: string, asked: { condition: Condition; inherit: boolean }, enabled: boolean) {
  return useQuery({
    queryKey: ['proof-rule', modelId, territoryId, JSON.stringify(asked)],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call(proveRule, { params: { id: modelId }, body: { territoryId, ...asked }, signal }),
    refetchInterval: query => (query.state.data?.running ? EVERY : false),
  })
}

/** Findings that matter first: those of values that say all they could. */
export const precise = (figures: { readonly total: number; readonly vague: number }): number => figures.total - figures.vague
export const isClean = (r: ProofResult): boolean =>
  (r.gaps === null || precise(r.gaps) === 0) && precise(r.overlaps) === 0 && r.notProved.total === 0 && !r.gaps?.more && !r.overlaps.more
export const seconds = (milliseconds: number): string => (milliseconds < 100 ? (milliseconds / 1000).toFixed(2) : (milliseconds / 1000).toFixed(1))
