// npm start: everything from nothing to a page in the browser, with the demo company in it.
import { install, runNode } from './install.mjs'

install()
runNode(['src/cli/main.ts', 'serve', '--demo', ...process.argv.slice(2)])
