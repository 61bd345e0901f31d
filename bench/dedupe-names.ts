/**
 * Company names for the bench of duplicate search: real divisions, brands of two to four characters drawn unevenly (a few hundred characters
 * make most brands), lines of business, legal forms; and variants of some as people type them, of which one knows whom they mean.
 */

import { shortName } from '../src/core/geography/divisions.ts'
import { seededRandom } from '../src/core/kernel/random.ts'
import { pinyinTable } from '../src/server/account/pinyin-table.ts'
import { loadDivisions } from '../src/server/reference/divisions.ts'

/** Characters that brands are made of, the commoner ones first: a list made for this bench, wider than what one thinks of at once. */
const LETTERS = [
  ...'华中大新天金东海鑫宏盛通达诚信德润丰源恒泰兴隆安康美佳宝利瑞祥嘉和创联合众力博文明光远景泽亿龙凤江河山水木林森火土星辰日月云雨雪风雷电春夏秋冬梅兰竹菊松柏杨柳桃李杏荷莲青白红黄蓝紫绿黑',
  ...'富贵福禄寿喜财旺发顺吉庆乐欢欣悦怡宁静雅致精细优良善美真诚忠勇智慧学知行思远志飞腾跃升高峰顶尖锐科普特奇妙巧匠心灵动力强壮健康平稳定固坚实厚重深广阔博大洋洲欧亚非美澳京沪津渝苏浙皖闽赣鲁豫鄂湘粤桂琼川贵滇陕甘青宁',
  ...'一二三四五六七八九十百千万亿元亨贞正方圆直立长久永恒古今昔朝夕晨曦曙晓旭昌昊昕映晖晟晶智景暖暄曼尔尼克诺维斯拓凯威力奥迪普曼卡洛菲雅露莎娜丽丝妮琳琪琦瑶璐璇璟珊珠玉琼瑾瑜璧环钰铭锋钢铁铜银锦绣纶经纬纵横捷快速迅驰骋骏马',
  ...'鹏鸿鹤鹰燕雁鲲鲸虎狮象鹿羊牛猫兔蜂蝶桥梁柱栋楼阁亭台轩榭院庭园圃田野原森岭岳峡谷溪泉湖泊池塘沙滩岛屿港湾帆船航舟旅途程征进取得获赢胜凯旋荣耀辉煌灿烂炫彩绚霞虹霓露霜冰晶莹澈清纯净洁素朴简约',
]
const BUSINESS =
  '科技 环保科技 电子科技 网络科技 生物科技 智能科技 信息技术 软件 机械 机械制造 精密机械 自动化设备 电子 电器 电气 新能源 新材料 建材 建设工程 建筑工程 装饰工程 房地产开发 物业管理 商贸 贸易 进出口 国际贸易 物流 供应链管理 文化传播 广告传媒 教育科技 教育咨询 企业管理咨询 医疗器械 医药 健康管理 食品 餐饮管理 酒店管理 农业发展 农业科技 化工 塑料制品 橡胶制品 包装制品 印刷 纺织 服装 家居用品 家具 汽车零部件 汽车销售服务 金属制品 五金制品 模具 环境工程 园林绿化 检测技术 人力资源 劳务派遣 融资租赁 投资管理 数据服务'.split(
    ' ',
  )
const FORMS = ['有限公司', '有限公司', '有限公司', '有限公司', '有限公司', '有限责任公司', '股份有限公司', '集团有限公司']

export type Planted = { readonly text: string; readonly row: number; readonly kind: string }
type Parts = { readonly region: string; readonly brand: string; readonly business: string; readonly form: string; readonly bracket: boolean }

export function makeNames(count: number, planted: number, seed: number): { readonly names: readonly string[]; readonly planted: readonly Planted[] } {
  const { next: random, int: below, pick } = seededRandom(seed)
  const cities = loadDivisions().filter(d => d.level !== 'county' && d.status === 'current' && /[省市州]$/.test(d.name))
  // Zipf-like: the square draws the first characters most.
  const letter = (): string => LETTERS[Math.floor(random() ** 1.5 * LETTERS.length)]!
  const make = (): Parts => {
    const length = random() < 0.45 ? 2 : random() < 0.75 ? 3 : 4
    const city = pick(cities)
    return {
      region: random() < 0.12 ? '' : random() < 0.6 ? shortName(city.name) : city.name,
      brand: Array.from({ length }, letter).join(''),
      business: pick(BUSINESS),
      form: pick(FORMS),
      bracket: random() < 0.08,
    }
  }
  const write = (p: Parts): string =>
    p.bracket && p.region !== '' ? `${p.brand}（${p.region}）${p.business}${p.form}` : `${p.region}${p.brand}${p.business}${p.form}`
  const bySound = new Map<string, string[]>()
  for (const l of LETTERS) {
    const sound = pinyinTable().get(l) ?? l
    bySound.set(sound, [...(bySound.get(sound) ?? []), l])
  }
  const inBrand = (p: Parts, change: (letters: string[], at: number) => void): Parts => {
    const letters = [...p.brand]
    change(letters, below(letters.length))
    return { ...p, brand: letters.join('') }
  }
  type Change = (p: Parts) => Parts | string
  const changes: Readonly<Record<string, Change>> = {
    form: p => ({ ...p, form: pick(FORMS.filter(f => f !== p.form)) }),
    bracket: p => ({ ...p, bracket: !p.bracket }),
    suffix: p => ({ ...p, region: p.region === '' ? '' : /[省市]$/.test(p.region) ? p.region.slice(0, -1) : `${p.region}市` }),
    'region dropped': p => ({ ...p, region: '' }),
    homophone: p =>
      inBrand(p, (letters, at) => {
        const same = (bySound.get(pinyinTable().get(letters[at]!) ?? '') ?? []).filter(l => l !== letters[at])
        if (same.length > 0) letters[at] = pick(same)
      }),
    'wrong letter': p => inBrand(p, (letters, at) => void letters.splice(at, 1, letter())),
    'letter lost': p => {
      const text = write(p)
      const at = below(text.length)
      return text.slice(0, at) + text.slice(at + 1)
    },
    swap: p => {
      const text = write(p)
      const at = below(text.length - 1)
      return text.slice(0, at) + text[at + 1]! + text[at]! + text.slice(at + 2)
    },
    abbreviation: p => (random() < 0.5 ? p.brand + p.business : p.region + p.brand),
    status: p => `${write(p)}${pick(['（已注销）', '（存续）', ' ', '（停业）'])}`,
    width: p => write(p).replace('（', '(').replace('）', ')'),
  }
  const kinds = Object.keys(changes)
  const parts: Parts[] = []
  const names: string[] = []
  for (let i = 0; i < count; i += 1) {
    parts.push(make())
    names.push(write(parts[i]!))
  }
  const all: Planted[] = []
  while (all.length < planted) {
    const row = below(count)
    const first = pick(kinds)
    let changed = changes[first]!(parts[row]!)
    let kind = first
    if (random() < 0.25 && typeof changed !== 'string') {
      const second = pick(kinds)
      changed = changes[second]!(changed)
      kind = `${first} + ${second}`
    }
    const text = typeof changed === 'string' ? changed : write(changed)
    if (text !== names[row] && text.length >= 2) all.push({ text, row, kind })
  }
  return { names, planted: all }
}
