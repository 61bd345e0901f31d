/**
 * Industry codes 行业代码 of earlier editions of GB/T 4754 and what they are called since 2017. Only codes that the edition of 2017 does not
 * have are translated: Q84 was social work in 2011 and is health today, and nobody can tell which of the two was meant.
 */
/** 2011: one number too low from the 79th division on, because 2017 put land management before them. */
const OF_2011 = `O79 O80; P82 P83; Q83 Q84; R85 R86; S90 S91; T96 T97`
/** 2002: other letters for the services. */
const OF_2002 = `F53 G54; F54 G55; F55 G56; F56 G57; F57 G58; F58 G59; F59 G60; G61 I65; G62 I65; H63 F51; H65 F52; I66 H61; I67 H62; J70 J68; J71 J69
K72 K70; L73 L71; L74 L72; M76 M74; M77 M75; M78 M74; N80 N77; N81 N78; P84 P83; Q86 S94; Q87 Q85; T98 T97`

const read = (table: string, edition: string): [string, { readonly code: string; readonly edition: string }][] =>
  table.split(/;\s*|\n/).map(pair => {
    const [from, to] = pair.trim().split(' ')
    return [from!, { code: to!, edition }]
  })
const EARLIER = new Map([...read(OF_2002, '2002'), ...read(OF_2011, '2011')])

/** By the two digits of the division; what stood behind them is finer and was numbered anew. */
export const earlierIndustry = (code: string): { readonly code: string; readonly edition: string } | null => EARLIER.get(code.slice(0, 3)) ?? null
