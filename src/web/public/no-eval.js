// The page forbids code made from text (Content-Security-Policy). zod would try that once to be faster, and the browser would report it as
// a breach; nothing is parsed in the browser, so zod is told not to. A plain script, because it has to run before any module.
globalThis.__zod_globalConfig = { jitless: true }
