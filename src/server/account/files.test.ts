/** Attachments: the type is what the bytes say, nothing is ever shown inline, 20 MB is the wall, and an odd name hurts nobody. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, makeCompany } from '../../../test/support/company.ts'

let company: Company
let id: string
before(async () => {
  company = await makeCompany({ accounts: 40, people: 36 })
  id = (await company.send('ops', 'POST', '/api/accounts', { values: { name: '附件', division: '320505' } })).body.id
})
after(() => company.close())

function form(name: string, bytes: Buffer, type = 'text/html'): { body: Buffer; headers: Record<string, string> } {
  const boundary = 'grenze'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`
  return {
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  }
}
async function attach(name: string, bytes: Buffer, login = 'ops') {
  const { body, headers } = form(name, bytes)
  return company.send(login, 'POST', `/api/accounts/${id}/files`, body, headers)
}
const download = (fileId: string, login = 'ops') => company.send(login, 'GET', `/api/files/${fileId}`)

test('whatever the sender says: the type is sniffed, and pages and pictures with scripts come as plain bytes to keep', async () => {
  for (const [name, text, type] of [
    ['x.pdf', '%PDF-1.7 …', 'application/pdf'],
    ['x.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'application/octet-stream'],
    ['x.html', '<html><script>alert(1)</script></html>', 'application/octet-stream'],
    ['x.png', '<html>not a picture</html>', 'application/octet-stream'],
    ['x.js', 'alert(1)', 'application/octet-stream'],
  ] as const) {
    const made = await attach(name, Buffer.from(text))
    assert.equal(made.status, 200, made.text)
    const reply = await download(made.body.id)
    assert.equal(String(reply.headers['content-type']).split(';')[0], type, name)
    assert.match(String(reply.headers['content-disposition']), /^attachment/, name)
    assert.equal(reply.headers['x-content-type-options'], 'nosniff')
    assert.match(String(reply.headers['content-security-policy'] ?? ''), /default-src/)
    assert.equal(reply.bytes.toString(), text)
  }
})

test('every byte comes back, over the size of a piece too', async () => {
  const bytes = Buffer.alloc(700_001)
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = (i * 31 + (i >> 8)) & 255
  const made = await attach('zahlen.bin', bytes)
  assert.ok((await download(made.body.id)).bytes.equals(bytes))
  assert.equal((await attach('leer', Buffer.alloc(0))).status, 200)
})

test('20 MB fit, one byte more is refused and leaves nothing', async () => {
  const count = async () => (await company.one('select count(*)::int as n from file_chunk')).n
  assert.equal((await attach('gross.bin', Buffer.alloc(20 * 1024 * 1024, 1))).status, 200)
  const before = await count()
  const reply = await attach('zu-gross.bin', Buffer.alloc(20 * 1024 * 1024 + 1, 1))
  assert.equal(reply.status, 413, reply.text)
  assert.equal(await count(), before)
  assert.equal((await company.send('ops', 'POST', `/api/accounts/${id}/files`, { file: 'x' })).status, 400, 'no file, no attachment')
})

test('odd names: no path, no line break in a header, the name a person gave comes back', async () => {
  for (const [name, kept] of [
    ['合同 (终稿).pdf', '合同 (终稿).pdf'],
    ['..%2f..%2fetc%2fpasswd', '..%2f..%2fetc%2fpasswd'],
    ['a/b\\\\c.txt', null],
    [`${'长'.repeat(300)}.txt`, null],
    ["it's; filename=evil.exe", "it's; filename=evil.exe"],
    ['emoji 😀.txt', 'emoji 😀.txt'],
  ] as const) {
    const made = await attach(name, Buffer.from('x'))
    assert.equal(made.status, 200, `${name}: ${made.text}`)
    const reply = await download(made.body.id)
    const header = String(reply.headers['content-disposition'])
    assert.ok(!/[\r\n]/.test(header))
    const said = decodeURIComponent(/filename\*=UTF-8''(.*)$/.exec(header)![1]!)
    assert.ok(!/[/\\]/.test(said), said)
    assert.ok(said.length <= 200)
    if (kept !== null) assert.equal(said, kept)
  }
})

test('a file is seen, kept and removed through its account', async () => {
  const far = (await company.send('ops', 'POST', '/api/accounts', { values: { name: '远方', division: '440305' } })).body.id
  const { body, headers } = form('x.txt', Buffer.from('geheim'))
  const made = await company.send('ops', 'POST', `/api/accounts/${far}/files`, body, headers)
  assert.equal((await download(made.body.id, 'rep')).status, 404)
  assert.equal((await company.send('rep', 'DELETE', `/api/files/${made.body.id}`)).status, 404)
  assert.equal((await company.send('rep', 'POST', `/api/accounts/${far}/files`, body, headers)).status, 404)
  await company.send('ops', 'POST', `/api/accounts/${far}/shares`, { userId: await company.idOf('rep'), access: 'read' })
  assert.equal((await download(made.body.id, 'rep')).text, 'geheim')
  assert.equal((await company.send('rep', 'DELETE', `/api/files/${made.body.id}`)).status, 403)
  assert.equal((await company.send('ops', 'DELETE', `/api/files/${made.body.id}`)).status, 200)
  assert.equal((await download(made.body.id)).status, 404)
})
