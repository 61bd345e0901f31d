/** Refusals of boundary files, in words: what the file is not, and how to bring it. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const BOUNDARY_REFUSALS = {
  'boundary.missing': { status: 400, zh: '没有收到文件;请选一个 GeoJSON 或 TopoJSON 文件。', en: 'No file came; choose a GeoJSON or TopoJSON file.' },
  'boundary.tooLarge': {
    status: 413,
    zh: '文件超过 {limit} MB;请先简化边界或分成几份。',
    en: 'The file is over {limit} MB; simplify the boundaries or split it.',
  },
  'boundary.notJson': { status: 400, zh: '文件不是 JSON,读不出来。', en: 'The file is not JSON.' },
  'boundary.notGeographic': { status: 400, zh: '文件不是 GeoJSON,也不是 TopoJSON。', en: 'The file is neither GeoJSON nor TopoJSON.' },
  'boundary.empty': { status: 400, zh: '文件里没有一块面。', en: 'There is no area in the file.' },
  'boundary.tooManyFeatures': { status: 413, zh: '面太多,一次最多 5,000 块。', en: 'Too many areas; at most 5,000 at once.' },
  'boundary.tooManyPoints': {
    status: 413,
    zh: '顶点太多,一次最多 60 万个;请先简化边界。',
    en: 'Too many corners; at most 600,000 at once: simplify the boundaries first.',
  },
  'boundary.nothingLeft': { status: 400, zh: '没有一块面可用。第一个问题:{first}', en: 'No area can be used. The first problem: {first}' },
} as const satisfies Record<string, RefusalWords>
