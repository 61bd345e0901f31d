/**
 * The plan of the house, held by a machine: who may import whom, how long a file may be, what core may never touch. A rule that is not
 * checked is forgotten within a month; an exception is a line here, with its reason, so that a reviewer sees every new one.
 */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { z } from 'zod'

const ROOT = path.join(import.meta.dirname, '..')

/** Imports run one way: a room may import those named here, and core/kernel stands below every other capability of core. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  contract: ['contract', 'core'],
  server: ['server', 'contract', 'core'],
  web: ['web', 'contract', 'core'],
  cli: ['cli', 'server', 'contract', 'core'],
}

/** Inside a room a capability imports only those before it. The second half does not exist yet: its place is already decided. */
const ORDER = [
  'kernel',
  ...['files', 'reference', 'migrations'], // server: reading and writing tables, the divisions and industries everything refers to
  ...['i18n', 'app', 'map', 'shell'], // web: words, house components, the map, the frame of every page
  ...['condition', 'access', 'identity', 'builder', 'approval', 'geography', 'account', 'cleansing', 'dedupe', 'territory', 'assignment'],
  'change', // web: change sets, whose words stand in territory and whose work in assignment
  'import',
  ...['engagement', 'pool', 'intake', 'pipeline', 'quota', 'insight', 'alignment', 'review', 'visit', 'connect', 'readiness'],
  'handover', // web: the pages of handing over, whose work stands in assignment
  'wizard', // web: the small company's first steps use import, people and territories
  'home', // web: the first page gathers what every capability has to say
]

/** Files that put the capabilities together: they may import any of their room. */
const COMPOSITION: Readonly<Record<string, string>> = {
  'src/server/compose.ts': 'registers the routes, jobs and words of every capability',
  'src/web/app/router.tsx': 'lays the frame around every page',
  'src/web/app/pages.ts': 'names the page of every address, each loaded when it is first opened',
}

/** file → file it imports although the order says no. Each stands for one question that the lower capability must ask. */
const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'src/server/kernel/http.ts': { 'src/server/identity/load-actor.ts': 'every request begins by asking who it is' },
  'src/web/account/account-page.tsx': { 'src/web/dedupe/account-card.tsx': 'the page of a customer shows who may be the same' },
  'src/web/account/new-account.tsx': { 'src/web/dedupe/typing-warning.tsx': 'a new customer is looked up while it is typed' },
  'src/server/identity/tenant.ts': { 'src/server/builder/catalogue.ts': 'a tenant is born with its catalogue of fields' },
}

/** Pure and synchronous; solvers arrive as arguments. */
const CORE_PACKAGES = ['re2js', 'delaunator', 'kdbush', 'flatbush', 'topojson-client', 'gcoord', 'libphonenumber-js']

type Source = { readonly file: string; readonly text: string; readonly code: string; readonly imports: readonly string[] }

/** Comments may speak of what code may not do. A quote with // in it stays, because // must follow white space. */
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')

function importsOf(code: string): string[] {
  const found = code.matchAll(
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  )
  return [...found].map(m => (m[1] ?? m[2] ?? m[3])!)
}

const sources: readonly Source[] = globSync('{src,test,scripts,bench}/**/*.{ts,tsx,mjs}', { cwd: ROOT })
  .map(file => file.split(path.sep).join('/'))
  .sort()
  .map(file => {
    const text = readFileSync(path.join(ROOT, file), 'utf8')
    const code = withoutComments(text)
    return { file, text, code, imports: importsOf(code) }
  })

const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file)
const roomOf = (file: string): string | undefined => /^src\/(\w+)\//.exec(file)?.[1]
const capabilityOf = (file: string): string | undefined => /^src\/\w+\/([\w-]+)\//.exec(file)?.[1]
const packageOf = (name: string): string => name.split('/', name.startsWith('@') ? 2 : 1).join('/')
const targetOf = (file: string, name: string): string => path.posix.normalize(path.posix.join(path.posix.dirname(file), name.split('?')[0]!))

/** Every import between two files of the repository. Tests may also use test/support and any room's outside. */
const inner = sources
  .filter(s => s.file.startsWith('src/'))
  .flatMap(s => s.imports.filter(name => name.startsWith('.')).map(name => ({ file: s.file, target: targetOf(s.file, name) })))
const none = (found: readonly string[], rule: string): void => assert.deepEqual(found, [], `${rule}\n  ${found.join('\n  ')}\n`)

test('there is something to check, and the parser sees imports', () => {
  assert.ok(sources.length > 100)
  assert.ok(inner.length > 300)
  const sample =
    "import x, {\n  y,\n} from './a.ts'\nimport type { Z } from 'b'\nexport { q } from './c.ts'\nconst d = await import('./d.ts')\nimport './e.css'\n"
  assert.deepEqual(importsOf(sample), ['./a.ts', 'b', './c.ts', './d.ts', './e.css'])
  assert.equal(withoutComments("const a = 'http://x' // Date.now()\n/* Math.random() */"), "const a = 'http://x' \n")
})

test('rooms: core ← contract ← server | web | cli', () => {
  const wrong = inner.filter(({ file, target }) => {
    if (isTest(file)) return false
    const [from, to] = [roomOf(file), roomOf(target)]
    if (from === undefined) return false
    // The words of zh-TW are made from zh-CN when the catalogues are written, with the server's table: this file never reaches a browser.
    if (file === 'src/web/i18n/make-zh-tw.ts') return false
    return to === undefined || !ROOMS[from]?.includes(to)
  })
  none(
    wrong.map(w => `${w.file} imports ${w.target}`),
    'A room may import only those below it:',
  )
})

test('every capability has its place in the order', () => {
  const names = new Set(sources.map(s => capabilityOf(s.file)).filter(c => c !== undefined))
  names.delete('demo') // src/cli/demo: the demo company, made with everything else
  none(
    [...names].filter(n => !ORDER.includes(n)),
    'Name it in ORDER:',
  )
})

test('inside a room a capability imports only earlier ones', () => {
  const used = new Set<string>()
  const wrong = inner.filter(({ file, target }) => {
    if (isTest(file) || file in COMPOSITION || roomOf(file) === 'cli' || roomOf(file) !== roomOf(target)) return false
    const [from, to] = [capabilityOf(file), capabilityOf(target)]
    if (from === undefined || to === undefined || ORDER.indexOf(to) <= ORDER.indexOf(from)) return false
    if (EXCEPTIONS[file]?.[target] !== undefined) {
      used.add(`${file} → ${target}`)
      return false
    }
    return true
  })
  none(
    wrong.map(w => `${w.file} imports ${w.target}`),
    `The order is ${ORDER.join(' ← ')}:`,
  )
  const stale = Object.entries(EXCEPTIONS).flatMap(([file, targets]) => Object.keys(targets).map(target => `${file} → ${target}`))
  none(
    stale.filter(s => !used.has(s)),
    'Exceptions that nobody needs any more:',
  )
})

test('nothing in a capability imports the files that start the server', () => {
  const wrong = inner.filter(
    ({ file, target }) => /^src\/server\/[\w-]+\.ts$/.test(target) && capabilityOf(file) !== undefined && roomOf(file) === 'server',
  )
  none(
    wrong.filter(w => !isTest(w.file)).map(w => `${w.file} imports ${w.target}`),
    'compose.ts and app.ts stand above all capabilities:',
  )
})

test('a change carries only what it names: no default fills a field of a PATCH', async () => {
  for (const file of globSync('src/contract/**/*.ts', { cwd: ROOT })) {
    const exported = (await import(path.join(ROOT, file))) as Record<string, { method?: string; path?: string; body?: z.ZodType }>
    for (const e of Object.values(exported)) {
      if (e?.method !== 'PATCH' || !(e.body instanceof z.ZodObject)) continue
      const empty = e.body.safeParse({})
      if (empty.success) assert.deepEqual(empty.data, {}, `PATCH ${e.path}`)
      const defaults = Object.entries(e.body.shape).filter(([, field]) => (field as z.ZodType).safeParse(undefined).data !== undefined)
      assert.deepEqual(
        defaults.map(([key]) => key),
        [],
        `PATCH ${e.path}`,
      )
    }
  }
})

test('nobody imports another capability’s store or routes', () => {
  const wrong = inner.filter(
    ({ file, target }) =>
      /\/(?:store|(?:[\w-]+-)?routes)\.ts$|\/store\//.test(target) &&
      capabilityOf(file) !== capabilityOf(target) &&
      !(file in COMPOSITION) &&
      !isTest(file),
  )
  none(
    wrong.map(w => `${w.file} imports ${w.target}`),
    'SQL and routes are a capability’s own:',
  )
})

test('core is pure: its packages are listed, it has no Node, no clock and no dice', () => {
  const core = sources.filter(s => s.file.startsWith('src/core/') && !isTest(s.file))
  const packages = core.flatMap(s =>
    s.imports.filter(n => !n.startsWith('.') && !CORE_PACKAGES.includes(packageOf(n))).map(n => `${s.file} imports ${n}`),
  )
  none(packages, `core may import only ${CORE_PACKAGES.join(', ')}:`)
  const clock =
    /\bDate\.now\b|\bnew Date\(|\bMath\.random\b|\bperformance\.now\b|\bcrypto\.(?:randomUUID|getRandomValues)\b|\bsetTimeout\b|\bsetInterval\b|\bprocess\.|\bfetch\(/
  none(
    core.filter(s => clock.test(s.code)).map(s => `${s.file}: ${clock.exec(s.code)![0]}`),
    'The instant and the dice are arguments in core:',
  )
})

test('400 lines are the wall', () => {
  none(
    sources
      .map(s => ({ ...s, lines: s.text.split('\n').length - 1 }))
      .filter(s => s.lines >= 400)
      .map(s => `${s.file}: ${s.lines} lines`),
    'Split by noun:',
  )
})

test('no enum, namespace, default export or barrel', () => {
  const kinds = sources.filter(s => /^\s*(?:export\s+)?(?:const\s+|declare\s+)?(?:enum|namespace)\s+\w+/m.test(s.code)).map(s => s.file)
  none(kinds, 'Erasable TypeScript only:')
  const defaults = sources.filter(
    s => /^\s*export default\b|\bas default\b/m.test(s.code) && !/vite\.config\.ts$|\.worker\.ts$|worker\.ts$/.test(s.file),
  )
  none(
    defaults.map(s => s.file),
    'Named exports only:',
  )
  const reExport = /^\s*export\s*(?:type\s*)?(?:\*|\{[^}]*\})\s*(?:as\s+\w+\s*)?from\s*['"][^'"]+['"];?/gm
  const barrels = sources.filter(s => s.code.trim() !== '' && s.code.replace(reExport, '').trim() === '')
  none(
    barrels.map(s => s.file),
    'Import from the file that holds it:',
  )
})

test('a shared idea has a name of its own', () => {
  const nameless = /^(?:utils?|helpers?|common|managers?|misc)(?:\.|$)|[.-](?:utils?|helpers?|manager|service|types)\.[a-z]+$/
  const parts = new Set(
    sources
      .flatMap(s => s.file.split('/').map((part, i, all) => ({ part, at: all.slice(0, i + 1).join('/') })))
      .filter(p => nameless.test(p.part))
      .map(p => p.at),
  )
  none([...parts], 'Say what it is:')
})

test('every file that decides or does says its rule on top', () => {
  const silent = sources.filter(s => /^src\/(?:core|contract|server|cli)\//.test(s.file) && !isTest(s.file) && !/^(?:#!.*\n)?\s*\/[*/]/.test(s.text))
  none(
    silent.map(s => s.file),
    'One sentence with the business rule and its reason:',
  )
})

test('the documents point only to files that exist', () => {
  const documents = [...globSync('docs/**/*.md', { cwd: ROOT }), ...globSync('*.md', { cwd: ROOT })]
  assert.ok(documents.includes(path.join('docs', 'glossary.md')), 'docs/glossary.md is missing')
  const broken = documents.flatMap(file => {
    const text = readFileSync(path.join(ROOT, file), 'utf8')
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(m => m[1]!).filter(link => !/^[a-z]+:/.test(link))
    return links.filter(link => !existsSync(path.join(ROOT, path.dirname(file), link))).map(link => `${file} → ${link}`)
  })
  none(broken, 'Broken links:')
})

test('the glossary names a file for every term', () => {
  const rows = readFileSync(path.join(ROOT, 'docs/glossary.md'), 'utf8')
    .split('\n')
    .filter(l => l.startsWith('|'))
    .slice(2)
  assert.ok(rows.length >= 30, `only ${rows.length} terms`)
  none(
    rows.filter(r => !/\]\(\.\.\/[^)]+\)/.test(r)),
    'Terms without a file:',
  )
})

test('every dependency has its row: licence, weight, why', () => {
  const named = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >
  const page = readFileSync(path.join(ROOT, 'docs/dependencies.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(m => m[1]!)
  assert.deepEqual(rows.sort(), [...Object.keys(named.dependencies), ...Object.keys(named.devDependencies)].sort())
})
