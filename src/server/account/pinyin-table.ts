/**
 * How each character of a company name is read, toneless. A company is looked up by the reading people say aloud, so characters with
 * several readings take the one that place and company names use (重庆 is chong, 厦门 is xia, 银行 is hang), not the commonest in prose.
 */
import { pinyin } from 'pinyin-pro'

const FIRST = 0x4e00
const LAST = 0x9fff

/** Interjections such as 呣 (m) or 嗯 (ng) are no syllables of a name; as such they would cut other syllables in two. */
const SYLLABLE = /^(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])[aeiouv]+(?:ng?|r)?|a(?:i|n|ng|o)?|e(?:i|n|ng|r)?|ou?)$/

const NAME_READINGS: Readonly<Record<string, string>> = {
  重: 'chong',
  厦: 'xia',
  廈: 'xia',
  长: 'chang',
  長: 'chang',
  行: 'hang',
  乐: 'le',
  樂: 'le',
  都: 'du',
  蚌: 'beng',
  番: 'pan',
  六: 'liu',
  台: 'tai',
  会: 'hui',
  會: 'hui',
  藏: 'zang',
  传: 'chuan',
  傳: 'chuan',
  调: 'diao',
  單: 'dan',
  单: 'dan',
  石: 'shi',
  朝: 'chao',
  曾: 'zeng',
  柏: 'bai',
  绿: 'lv',
  綠: 'lv',
  沈: 'shen',
  洗: 'xi',
  系: 'xi',
  和: 'he',
  数: 'shu',
  數: 'shu',
  卡: 'ka',
  翟: 'zhai',
  盛: 'sheng',
  贾: 'jia',
  賈: 'jia',
  万: 'wan',
  奇: 'qi',
  宿: 'su',
  莞: 'guan',
  合: 'he',
  发: 'fa',
  發: 'fa',
  大: 'da',
  地: 'di',
  车: 'che',
  車: 'che',
  参: 'can',
}

let table: ReadonlyMap<string, string> | undefined

/** Built at first use (20,992 characters) and kept for the life of the process. */
export function pinyinTable(): ReadonlyMap<string, string> {
  table ??= build()
  return table
}

function build(): ReadonlyMap<string, string> {
  const readings = new Map<string, string>()
  for (let code = FIRST; code <= LAST; code++) {
    const char = String.fromCodePoint(code)
    const reading = pinyin(char, { toneType: 'none', v: true, nonZh: 'removed' }).toLowerCase()
    if (SYLLABLE.test(reading)) readings.set(char, reading)
  }
  for (const [char, reading] of Object.entries(NAME_READINGS)) readings.set(char, reading)
  return readings
}
