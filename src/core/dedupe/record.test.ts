import assert from 'node:assert/strict'
import test from 'node:test'
import { addressKey } from './address-key.ts'
import { phoneKey } from './record.ts'

test('one number, however it is written', () => {
  for (const text of ['13377426399', '+86 133 7742 6399', '86-13377426399', '013377426399', '133-7742-6399', '１３３７７４２６３９９'])
    assert.equal(phoneKey(text), '13377426399', text)
  for (const text of ['0371-42016199', '(0371)42016199', '037142016199', '0371-42016199 转776', '0371-42016199-9265', '+86 371-42016199'])
    assert.equal(phoneKey(text), '37142016199', text)
  assert.equal(phoneKey('400-820-8820'), '4008208820')
})

test('one door, however the address is written', () => {
  const door = { street: '朝阳路743号'.replace('号', ''), door: '20栋983室' }
  for (const text of [
    '山东省东营市河口区朝阳路743号20栋983室',
    '朝阳路七四三号20栋983室',
    '东营河口区朝阳路743#20栋983室',
    '山东省东营市河口区 朝阳路743号20幢983室',
  ])
    assert.deepEqual(addressKey(text), door, text)
  assert.equal(addressKey('云南省维西傈僳族自治县工业大道四十五号')?.street, '工业大道45')
  assert.equal(addressKey('阿坝州松潘县长江路一百零八号')?.street, '长江路108')
  assert.equal(addressKey('江苏省苏州市'), null)
  // Hostile: long texts end quickly.
  assert.doesNotThrow(() => addressKey('省市县区'.repeat(25_000)))
})
