/** Refusals of territories and assignment, in words. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const TERRITORY_REFUSALS = {
  'model.notDraft': { status: 409, zh: '只有草稿能改;请先建一个草稿。', en: 'Only a draft can be changed; make a draft first.' },
  'model.notReady': {
    status: 409,
    zh: '这个模型还没算好({state}),算好后才能启用。',
    en: 'This model is not computed yet ({state}); it can be activated when it is ready.',
  },
  'model.running': { status: 409, zh: '这个模型正在计算,请稍等。', en: 'This model is being computed; wait a moment.' },
  'model.active': { status: 409, zh: '这个模型正在使用。', en: 'This model is in use.' },
  'model.faulty': { status: 409, zh: '草稿还有 {count} 处问题,先改好:{first}', en: 'The draft has {count} problems; mend them first: {first}' },
  'model.outdated': {
    status: 409,
    zh: '现行版图在草稿建立后变过,请在新版图上重做草稿。',
    en: 'The active model changed after this draft was made; make the draft again on the new one.',
  },
  'activation.past': { status: 400, zh: '生效时刻不能早于现在。', en: 'A model cannot take effect in the past.' },
  'activation.nothing': { status: 409, zh: '没有可以撤回的启用。', en: 'There is no activation to undo.' },
  'activation.gone': {
    status: 409,
    zh: '上一个模型的数据已清理,不能撤回。',
    en: 'The placements of the former model are gone; it cannot be undone.',
  },
  'territory.cycle': { status: 409, zh: '区域不能放到自己的下级里。', en: 'A territory cannot be moved below itself.' },
  'territory.codeTaken': { status: 409, zh: '代码「{code}」已被使用。', en: 'The code "{code}" is taken.' },
  'territory.rule': { status: 400, zh: '规则有误:{problem}', en: 'The rule is not valid: {problem}' },
  'territory.fieldHidden': {
    status: 403,
    zh: '字段「{field}」对你不可见,不能拿它写条件;请找能看它的人来写。',
    en: 'The field "{field}" is hidden from you, so you may not write conditions on it; ask somebody who may see it.',
  },
  'territory.typeInUse': { status: 409, zh: '类型「{name}」还有区域在用。', en: 'Territories still have the type "{name}".' },
  'territory.typeTwice': { status: 409, zh: '类型「{name}」写了两次。', en: 'The type "{name}" is there twice.' },
  'territory.noExclusive': {
    status: 409,
    zh: '至少要留一个排他的类型,否则没有区域能收客户。',
    en: 'Keep at least one exclusive type; without one no territory can take an account.',
  },
  'member.dates': { status: 400, zh: '结束要晚于开始。', en: 'The end must be after the start.' },
  'member.twice': { status: 409, zh: '此人已在这个区域里担任该角色。', en: 'This person already has that role in the territory.' },
  'member.credit': { status: 400, zh: '记功合计超过 100%(现为 {sum}%)。', en: 'Credit shares exceed 100 % (now {sum} %).' },
  'assign.notMember': {
    status: 409,
    zh: '{name} 不在「{territory}」的成员里;先加为成员,或把客户点名到别的区域。',
    en: '{name} is no member of "{territory}"; add the person first, or pin the customer elsewhere.',
  },
  'assign.missing': { status: 400, zh: '请选一个人。', en: 'Choose a person.' },
  'assign.outsideSight': { status: 403, zh: '你只能分给自己辖区内的人。', en: 'You may only assign to people inside your own territories.' },
  'assign.noTerritory': {
    status: 409,
    zh: '客户没有区域;先让规则或点名给它一个区域。',
    en: 'The customer has no territory yet; give it one by a rule or a pin.',
  },
  'list.retired': { status: 409, zh: '名单「{name}」已停用,新规则不能再用它。', en: 'The list "{name}" is retired; no new rule may use it.' },
  'list.wrongType': { status: 400, zh: '名单「{name}」不是给字段「{field}」用的。', en: 'The list "{name}" does not fit the field "{field}".' },
  'wizard.shared': { status: 400, zh: '「{division}」分给了两个人。', en: '"{division}" was given to two people.' },
} as const satisfies Record<string, RefusalWords>
