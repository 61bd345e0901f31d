/** Routes of duplicates: parse, call, reply. */
import {
  addAlias as addAliasEndpoint,
  checkDuplicates,
  compareDuplicates,
  listDuplicates,
  listMerges,
  markDifferent,
  mergeDuplicates,
  mergeSure,
  readDuplicatePolicy,
  removeAlias as removeAliasEndpoint,
  reopenPair,
  runDuplicates,
  saveDuplicatePolicy,
  undoMerge as undoMergeEndpoint,
} from '../../contract/dedupe/duplicates.ts'
import type { Api } from '../kernel/http.ts'
import { findDuplicates } from './check.ts'
import { mergeAccounts, mergeSurest, readMerges, undoMerge } from './merge.ts'
import { comparePair, decidePair, listPairs } from './pairs.ts'
import { addAlias, readPolicy, removeAlias, savePolicy } from './policy.ts'
import { startRun } from './run.ts'

export function registerDuplicateRoutes(api: Api): void {
  api.route(checkDuplicates, ({ tx, actor, db, body }) => findDuplicates(tx, actor, db, body))
  api.route(listDuplicates, ({ tx, actor, query }) => listPairs(tx, actor, query))
  api.route(listMerges, ({ tx, actor, query }) => readMerges(tx, actor, query))
  api.route(readDuplicatePolicy, ({ tx, actor }) => readPolicy(tx, actor))
  api.route(saveDuplicatePolicy, ({ tx, actor, now, ifMatch, body }) => savePolicy(tx, actor, now, ifMatch, body))
  api.route(addAliasEndpoint, ({ tx, actor, now, body }) => addAlias(tx, actor, now, body.names))
  api.route(removeAliasEndpoint, ({ tx, actor, now, params, ifMatch }) => removeAlias(tx, actor, now, params.id, ifMatch))
  api.route(runDuplicates, ({ tx, actor, now }) => startRun(tx, actor, now))
  api.route(mergeDuplicates, ({ tx, actor, body }) => mergeAccounts(tx, actor, body))
  api.route(mergeSure, ({ tx, actor, body }) => mergeSurest(tx, actor, body.limit))
  api.route(undoMergeEndpoint, ({ tx, actor, params }) => undoMerge(tx, actor, params.id))
  api.route(compareDuplicates, ({ tx, actor, params }) => comparePair(tx, actor, params.id))
  api.route(markDifferent, ({ tx, actor, now, params, body }) => decidePair(tx, actor, now, params.id, 'different', body.reason))
  api.route(reopenPair, ({ tx, actor, now, params }) => decidePair(tx, actor, now, params.id, 'open', null))
}
