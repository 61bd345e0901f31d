// Runs a TypeScript file of the checkout under Node 24: with-node.mjs FILE [ARGUMENTS]
import { install, runNode } from './install.mjs'

install()
runNode(process.argv.slice(2))
