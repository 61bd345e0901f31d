/**
 * Runs the test files with the one PostgreSQL they share, and prints `N passed, N failed, N skipped` as its last line.
 * --slow: the long ones (test/slow); --pg: against DATABASE_URL instead of the embedded server; other words: only files containing them.
 */
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import pg from 'pg'
import { startEmbedded } from '../../src/server/kernel/embedded.ts'
import { migrate } from '../../src/server/kernel/migrate.ts'
import { TEMPLATE, withName } from './database.ts'

const flags = new Set(process.argv.slice(2).filter(a => a.startsWith('--')))
const words = process.argv.slice(2).filter(a => !a.startsWith('--'))
