/** A demo company behind a real browser: pages of signed-in people, screenshots in dist/journeys, and whatever went wrong in a page. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { chromium, type Page } from 'playwright-core'
import { seedDemo } from '../../src/cli/demo/seed-demo.ts'
import { buildApp } from '../../src/server/app.ts'
import { registerJobs } from '../../src/server/compose.ts'
import { DEMO_PASSWORD } from '../../src/server/identity/demo-logins.ts'
import type { Database } from '../../src/server/kernel/databases.ts'
import { startWorker } from '../../src/server/kernel/jobs.ts'
import { seedReference } from '../../src/server/reference/seed-reference.ts'
import { createTestDatabase } from './database.ts'

const ROOT = path.join(import.meta.dirname, '..', '..')
const CHROMIUM = process.env.JIANGYU_CHROMIUM ?? ''
/** The map is drawn without a GPU: half a second a frame, a quarter at half the size. JIANGYU_SHOTS=full for screenshots to look at. */
const SCALE = process.env.JIANGYU_SHOTS === 'full' ? 1 : 0.5
export const SHOTS = path.join(ROOT, 'dist', 'journeys')
export const skip = CHROMIUM || process.env.CI ? false : 'no chromium here (as root on Debian it is installed by itself)'

export type Journey = {
  readonly db: Database
  readonly base: string
  /** A page of its own, signed in. */
  readonly open: (login: string) => Promise<Page>
  readonly shot: (page: Page, name: string) => Promise<unknown>
  /** Errors of pages and answers of 5xx: none is expected. */
  readonly faults: readonly string[]
}

export async function startJourney(t: TestContext, demo = { accounts: 600, people: 60, seed: 1 }): Promise<Journey> {
  const db = await createTestDatabase()
  await seedReference(db.owner)
  registerJobs(db.bulk)
  await seedDemo(db, { ...demo, say: () => undefined })
  const { app } = await buildApp(db, {
    webRoot: path.join(ROOT, 'dist', 'web'),
    geoRoot: path.join(ROOT, 'dist', 'geography'),
    https: false,
    trustProxy: false,
    requestsPerMinute: 100_000,
    log: false,
  })
  const worker = startWorker(db.bulk, async () => undefined, 50)
  const base = await app.listen({ port: 0, host: '127.0.0.1' })
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--enable-unsafe-swiftshader',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
    ],
  })
  t.after(async () => {
    await browser.close()
    await worker.stop()
    await app.close()
    await db.drop()
  })
  mkdirSync(SHOTS, { recursive: true })
  const faults: string[] = []
  const open = async (login: string): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'zh-CN',
      reducedMotion: 'reduce',
      deviceScaleFactor: SCALE,
      baseURL: base,
    })
    const page = await context.newPage()
    // On a machine that other tests share.
    page.setDefaultTimeout(60_000)
    page.on('pageerror', error => faults.push(error.message))
    page.on('response', response => {
      if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`)
    })
    await page.goto(`${base}/login`)
    await page.getByLabel('登录名').fill(login)
    await page.getByLabel('密码').fill(DEMO_PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForURL(url => !url.pathname.startsWith('/login'))
    return page
  }
  return { db, base, open, faults, shot: (page, name) => page.screenshot({ path: path.join(SHOTS, `${name}.png`) }) }
}
