/** Named groups of divisions 经济带 that rules may use; every province and city stands for all below it. */
export type DivisionGroup = {
  readonly key: string
  readonly labels: Readonly<Record<'zh-CN' | 'zh-TW' | 'en', string>>
  readonly codes: readonly string[]
}

const group = (key: string, zh: string, tw: string, en: string, codes: string): DivisionGroup => ({
  key,
  labels: { 'zh-CN': zh, 'zh-TW': tw, en },
  codes: codes.split(' ').map(c => c.padEnd(6, '0')),
})

export const DIVISION_GROUPS: readonly DivisionGroup[] = [
  group('north', '华北', '華北', 'North China', '11 12 13 14 15'),
  group('northeast', '东北', '東北', 'Northeast', '21 22 23'),
  group('east', '华东', '華東', 'East China', '31 32 33 34 35 36 37'),
  group('central', '华中', '華中', 'Central China', '41 42 43'),
  group('south', '华南', '華南', 'South China', '44 45 46'),
  group('southwest', '西南', '西南', 'Southwest', '50 51 52 53 54'),
  group('northwest', '西北', '西北', 'Northwest', '61 62 63 64 65'),
  group('yangtze-delta', '长三角', '長三角', 'Yangtze River Delta', '31 32 33 34'),
  group('jing-jin-ji', '京津冀', '京津冀', 'Beijing–Tianjin–Hebei', '11 12 13'),
  group('pearl-delta', '珠三角', '珠三角', 'Pearl River Delta', '4401 4403 4404 4406 4407 4412 4413 4419 4420'),
  group('greater-bay', '粤港澳大湾区', '粵港澳大灣區', 'Greater Bay Area', '4401 4403 4404 4406 4407 4412 4413 4419 4420 81 82'),
  group(
    'chengdu-chongqing',
    '成渝地区双城经济圈',
    '成渝地區雙城經濟圈',
    'Chengdu–Chongqing',
    '50 5101 5103 5104 5105 5106 5107 5109 5110 5111 5113 5114 5115 5116 5117 5118 5120',
  ),
  group('yangtze-belt', '长江经济带', '長江經濟帶', 'Yangtze River Economic Belt', '31 32 33 34 36 42 43 50 51 52 53'),
]
