/** Refusals of handing over, in words; most are reasons why one record does not go. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const HANDOVER_REFUSALS = {
  'handover.notBelow': { status: 403, zh: '只能交接自己和下属的工作。', en: 'You may hand over your own work and that of people below you.' },
  'handover.noHeir': { status: 400, zh: '请选接手人:不挂在客户上的工作归他。', en: 'Choose the receiver of what hangs on no customer.' },
  'handover.noRest': { status: 400, zh: '请说明其余客户给谁。', en: 'Say who gets the remaining customers.' },
  'handover.noKinds': { status: 400, zh: '至少选一类要交接的工作。', en: 'Choose at least one kind of records to hand over.' },
  'handover.kind': { status: 400, zh: '没有「{kind}」这一类;休假交接只能带{lent}。', en: 'There is no kind "{kind}" here; an absence takes {lent}.' },
  'handover.dates': { status: 400, zh: '结束日期要晚于开始日期,也不能已经过去。', en: 'The end must be after the beginning and not in the past.' },
  'handover.noEnd': { status: 400, zh: '请填休假到哪天。', en: 'Say until which day the absence lasts.' },
  'handover.noAbsence': {
    status: 400,
    zh: '只有休假有结束日期,也只有休假能只给编辑权。',
    en: 'Only an absence has an end, and only an absence can give editing alone.',
  },
  'handover.state': { status: 409, zh: '现在不能这样做:这次交接{state}。', en: 'Not possible now: this handover is {state}.' },
  'handover.fromInactive': { status: 409, zh: '{name}已停用,不能还给他。', en: '{name} is inactive; nothing can be given back.' },
  'handover.tooMany': { status: 409, zh: '超过 {most} 项,请先按类分次交接。', en: 'More than {most} records: hand them over kind by kind.' },
  'handover.receivers': { status: 400, zh: '没有这个人,或他已停用。', en: 'There is no such person, or he is inactive.' },
  'handover.self': { status: 409, zh: '接手人就是交出的人。', en: 'The receiver is the one who hands over.' },
  'handover.inactive': { status: 409, zh: '接手人已停用。', en: 'The receiver is inactive.' },
  'handover.outside': { status: 409, zh: '接手人不在你的管辖范围。', en: 'The receiver is outside your responsibility.' },
  'handover.noLead': { status: 409, zh: '它的区域没有别的主责。', en: 'Its territory has no other owner.' },
  'handover.noReceiver': { status: 409, zh: '还没有接手人。', en: 'No receiver yet.' },
  'handover.stays': { status: 409, zh: '选了不交。', en: 'Chosen to stay.' },
  'handover.changed': { status: 409, zh: '这期间它已不在他名下,没有动。', en: 'It changed hands meanwhile and was left alone.' },
  'handover.notYours': { status: 409, zh: '你不能改它,或接手人不能接它。', en: 'You may not change it, or the receiver may not take it.' },
  'handover.gone': { status: 409, zh: '它已办完或删除。', en: 'It was finished or removed.' },
} as const satisfies Record<string, RefusalWords>
