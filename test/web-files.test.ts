/** The web's files as a browser asks for them: those of a build made under a running server too, and never an old page for a missing part. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { buildApp } from '../src/server/app.ts'
import { createTestDatabase } from './support/database.ts'

test('a web built anew under a running server is served at once; what is gone is gone, and nobody keeps the page', async t => {
  const db = await createTestDatabase()
  const webRoot = mkdtempSync(path.join(process.env.JIANGYU_TEST_FOLDER ?? '/tmp', 'web-'))
  const build = (name: string) => {
    rmSync(path.join(webRoot, 'assets'), { recursive: true, force: true })
    mkdirSync(path.join(webRoot, 'assets'))
    writeFileSync(path.join(webRoot, 'assets', name), `// ${name}`)
    writeFileSync(path.join(webRoot, 'index.html'), `<!doctype html><script type="module" src="/assets/${name}"></script>`)
  }
  build('index-a.js')
  const { app } = await buildApp(db, { webRoot, geoRoot: null, https: false, trustProxy: false, requestsPerMinute: 1_000_000, log: false })
  t.after(async () => {
    await app.close()
    await db.drop()
    rmSync(webRoot, { recursive: true, force: true })
  })
  const ask = async (url: string) => {
    const { statusCode, headers, body } = await app.inject({ method: 'GET', url })
    return { status: statusCode, cache: headers['cache-control'], body }
  }
  assert.deepEqual(await ask('/assets/index-a.js'), { status: 200, cache: 'public, max-age=31536000, immutable', body: '// index-a.js' })
  build('index-b.js')
  assert.deepEqual(await ask('/assets/index-b.js'), { status: 200, cache: 'public, max-age=31536000, immutable', body: '// index-b.js' })
  for (const url of ['/', '/accounts/12?tab=files']) {
    const page = await ask(url)
    assert.deepEqual([page.status, page.cache], [200, 'no-cache'], url)
    assert.match(page.body, /index-b\.js/, url)
  }
  for (const url of ['/assets/index-a.js', '/assets/', '/assets/..%2f..%2fetc%2fpasswd']) {
    const gone = await ask(url)
    assert.ok(gone.status === 404 || gone.status === 403 || gone.status === 400, `${url}: ${gone.status}`)
    assert.doesNotMatch(gone.body, /<!doctype/i)
  }
  assert.equal((await ask('/assets/index-a.js')).cache, 'no-store')
})
