/**
 * Neighbours across water, by hand: bridges, tunnels and the ferries people take. Shared vertices know nothing of them, and an island without
 * a neighbour would be coloured and planned as if it stood alone.
 */
export const SEA_BORDERS: readonly (readonly [string, string])[] = [
  ['210224', '210213'], // 长海 – 金州, ferry
  ['330902', '330206'], // 定海 – 北仑, bridge
  ['330902', '330921'], // 定海 – 岱山, bridge
  ['330903', '330206'], // 普陀 – 北仑, bridge and ferry
  ['330921', '330922'], // 岱山 – 嵊泗, ferry
  ['330922', '310115'], // 嵊泗(洋山) – 浦东, bridge
  ['350128', '350181'], // 平潭 – 福清, bridge
  ['350203', '350205'], // 思明 – 海沧, bridge
  ['350206', '350211'], // 湖里 – 集美, bridge
  ['350206', '350213'], // 湖里 – 翔安, tunnel
  ['350527', '350203'], // 金门 – 思明, ferry
  ['350626', '350624'], // 东山 – 诏安, bridge
  ['350626', '350622'], // 东山 – 云霄, bridge
  ['440523', '440515'], // 南澳 – 澄海, bridge
  ['440825', '460105'], // 徐闻 – 秀英, ferry
  ['440825', '460108'], // 徐闻 – 美兰, ferry
  ['460205', '460321'], // 崖州 – 西沙, ship
  ['460321', '460322'], // 西沙 – 南沙, ship
  ['710010', '710005'], // 澎湖 – 嘉义, ferry
  ['710013', '710011'], // 台东 – 屏东
  ['350128', '710018'], // 平潭 – 桃园, ferry
  ['810101', '810109'], // 中西区 – 油尖旺, tunnel
  ['810102', '810108'], // 东区 – 黄大仙 side, tunnel
  ['810110', '820001'], // 离岛 – 澳门, bridge
]
