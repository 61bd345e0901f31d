/** What a file's words are looked up in: options, industries, and the people whom the importer may name. */
import { loadOptions } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { LookupData } from './convert-row.ts'

export const normalWord = (value: string): string => value.normalize('NFKC').trim().toLowerCase()

export const NO_DATA: LookupData = { options: new Map(), industries: new Map(), people: new Map() }

/** Active and invited people by login, and by name where only one is called so. Somebody who does not see all names himself and whom he leads. */
export async function peopleFor(tx: Tx, actor: Actor, everybody = false): Promise<ReadonlyMap<string, string | null>> {
  const all = actor.seesAll || everybody
  const found = await tx.query<{ id: string; name: string; login: string }>(
    `with recursive led(id) as (select d.id from department d where d.tenant_id = $1 and d.leader_id = $2 and d.deleted_at is null
       union select d.id from department d join led on d.parent_id = led.id where d.tenant_id = $1 and d.deleted_at is null),
     held(id) as (select m.territory_id from territory_member m where m.tenant_id = $1 and m.user_id = $2 and m.cancels_id is null and m.model_id is null and m.starts_at <= now() and (m.ends_at is null or m.ends_at > now())
       union select t.id from territory t join held on t.parent_id = held.id where t.tenant_id = $1 and t.model_id = $4)
     select u.id::text, u.name, u.login from app_user u where u.tenant_id = $1 and u.state <> 'inactive' and ($3 or u.id = $2 or u.department_id in (select id from led)
       or exists (select 1 from territory_member m where m.tenant_id = $1 and m.user_id = u.id and m.territory_id in (select id from held)))`,
    [actor.tenantId, actor.userId, all, actor.modelId],
  )
  const people = new Map<string, string | null>()
  for (const p of found.rows) {
    const name = normalWord(p.name)
    people.set(name, people.has(name) ? null : p.id)
  }
  // A login is one person's, whoever is called so.
  for (const p of found.rows) people.set(normalWord(p.login), p.id)
  return people
}

/** Words of a company's option lists, by field. */
export async function optionWords(tx: Tx, tenantId: string, listOf: ReadonlyMap<string, string>): Promise<Map<string, Map<string, string>>> {
  const options = await loadOptions(tx, tenantId)
  return new Map(
    [...listOf].map(([field, list]) => {
      const words = new Map<string, string>()
      for (const o of options)
        if (o.list === list && !o.retired) for (const word of [...Object.values(o.labels), o.key]) words.set(normalWord(word), o.key)
      return [field, words]
    }),
  )
}
