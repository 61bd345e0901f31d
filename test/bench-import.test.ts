/** The bench of imports in its small size: a list that is imported and the same customers saved one by one leave the same rows. */
import test from 'node:test'
import { benchImport } from '../bench/import.ts'

test('an import writes what single saves write', { timeout: 120_000 }, () =>
  benchImport(process.env.JIANGYU_TEST_SERVER!, 1_000, true).then(() => undefined),
)
