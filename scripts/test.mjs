// npm test: installs, builds, starts PostgreSQL in a temporary folder, runs every test, stops PostgreSQL, adds up.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { install, node24, root, runNode } from './install.mjs'

install()
const built = spawnSync(node24, ['scripts/build.ts'], { cwd: root, stdio: 'inherit' })
if (built.status !== 0) process.exit(built.status ?? 1)

/** The browser part needs Debian's chromium and a Chinese font; as root they are installed, elsewhere the part says why it is skipped. */
function prepareBrowser() {
  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
  const fonts = existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc')
  if (chromium && (fonts || process.getuid?.() !== 0)) return chromium
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing chromium and fonts-noto-cjk for the browser tests …')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    })
    if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium'
  }
  return ''
}

const chromium = existsSync(`${root}/test/journeys`) ? prepareBrowser() : ''
runNode(['test/support/run.ts', ...process.argv.slice(2)], { JIANGYU_CHROMIUM: chromium })
