#!/usr/bin/env node
// The jiangyu command: for administrators and pipelines.
import { install, runNode } from './install.mjs'

install()
runNode(['src/cli/main.ts', ...process.argv.slice(2)])
