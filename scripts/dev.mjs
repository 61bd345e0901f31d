// npm run dev: the server restarts when a file changes, and Vite serves the pages on its own port.
import { spawn } from 'node:child_process'
import process from 'node:process'
import { install, node24, root } from './install.mjs'

install()
const port = process.env.PORT ?? '8600'
const children = [
  spawn(
    node24,
    [
      '--watch-path=src/server',
      '--watch-path=src/core',
      '--watch-path=src/contract',
      'src/cli/main.ts',
      'serve',
      '--demo',
      '--no-build',
      '--port',
      port,
    ],
    { cwd: root, stdio: 'inherit' },
  ),
  spawn(node24, ['node_modules/vite/bin/vite.js', '--config', 'src/web/vite.config.ts'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PORT: port },
  }),
]
const end = () => {
  for (const child of children) child.kill('SIGINT')
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end)
for (const child of children) child.on('exit', end)
