/**
 * Writes the zh-TW catalogues from the zh-CN ones, with Taiwan's words. Done here and checked in, because the conversion tables are too
 * heavy for the browser and a reviewer should see what is shown. Run after any change of a zh-CN catalogue; the test says if it was not.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { toTraditional } from '../../server/kernel/traditional.ts'

const folder = import.meta.dirname
for (const file of readdirSync(folder).filter(f => f.endsWith('.zh-CN.json'))) {
  const simplified = readFileSync(path.join(folder, file), 'utf8')
  writeFileSync(path.join(folder, file.replace('.zh-CN.', '.zh-TW.')), toTraditional(simplified))
}
