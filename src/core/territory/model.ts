/** A territory model 区域模型 as plain data: types, territories, members. Ids are stable across models. */
import type { Condition } from '../condition/condition.ts'

export type TerritoryType = { readonly id: string; readonly key: string; readonly layer: 'exclusive' | 'overlay'; readonly precedence: number }

export type Territory = {
  readonly id: string
  readonly parentId: string | null
  readonly typeId: string
  readonly code: string
  readonly name: string
  readonly colour: number
  /** A child's rule means "parent's and own"; false cuts the parent's rule off. */
  readonly inherit: boolean
  readonly priority: number
  /** null: a node of structure that takes no accounts itself. */
  readonly condition: Condition | null
  readonly ruleVersion: number | null
}

export type MemberRole = 'owner' | 'collaborator' | 'manager' | 'viewer'
export type Member = {
  readonly territoryId: string
  readonly userId: string
  readonly role: MemberRole
  readonly access: 'read' | 'private' | 'edit'
  /** ISO instants, half-open. */
  readonly startsAt: string
  readonly endsAt: string | null
}

export type Model = {
  readonly id: string
  readonly types: readonly TerritoryType[]
  readonly territories: readonly Territory[]
  readonly members: readonly Member[]
}
