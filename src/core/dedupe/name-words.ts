/**
 * Words that company names 企业名称 are made of besides the brand: legal forms, lines of business, words that tell relatives of a group
 * apart, marks of status. A name is "region + brand + business + form"; only the brand tells one company from the next.
 */

/** Legal forms, longest first wins. `short` ones end a name without 公司. */
export const FORMS: readonly string[] =
  '股份有限责任公司 集团股份有限公司 集团有限责任公司 股份集团有限公司 有限责任公司 股份有限公司 集团有限公司 有限公司集团 控股有限公司 有限合伙企业 合伙企业 有限合伙 普通合伙 特殊普通合伙 有限公司 集团公司 总公司 股份公司 公司 集团 个体工商户 农民专业合作社 专业合作社 合作社 事务所 研究院 研究所 经营部 服务部 商行 门市部 工作室 中心 店 厂'.split(
    ' ',
  )

/** A part of a company at another place: 某某有限公司石家庄分公司 is another record than its parent, and rightly so. */
export const BRANCHES: readonly string[] = '分公司 分厂 分店 分行 支行 分部 营业部 办事处 代表处 项目部 第一分公司 第二分公司'.split(' ')

/** Relatives of one group carry the same brand and one of these more. */
export const KIN_WORDS: ReadonlySet<string> = new Set('投资 控股 资产 实业 国际 资本 股权 产业 创业 置业 企业'.split(' '))

/** Lines of business, as names write them. A name may join several: 环保 + 科技, 供应链 + 管理. */
export const BUSINESS: readonly string[] = `
科技 技术 信息 网络 软件 系统 集成 电子 精密 机械 机电 设备 装备 制造 工业 贸易 商贸 商业 工贸 经贸 外贸 进出口 物流 供应链 管理 咨询 顾问 文化 传播 传媒 广告
教育 培训 医疗 医疗器械 器械 医学 生物 医药 药业 制药 健康 养老 康复 食品 餐饮 酒店 宾馆 旅游 旅行社 会展 会议 农业 农牧 林业 牧业 渔业 水产 养殖 种植 开发 发展 房地产 房产 地产
建设 建筑 建材 建工 工程 装饰 装修 装潢 设计 规划 材料 新材料 复合材料 新能源 能源 节能 电力 电气 电器 电机 光电 光伏 光学 太阳能 风电 环保 环境 环卫 化工 化学 石化 塑料 塑胶 橡胶 涂料 颜料
纺织 针织 印染 服装 服饰 鞋业 皮革 家居 家具 家电 用品 日用品 日化 化妆品 包装 制品 印刷 印务 纸业 纸品 金属 有色金属 钢铁 钢材 钢构 钢结构 铝业 铜业 铸造 锻造 五金 工具 汽车 汽配 零部件 配件 部件 销售
服务 租赁 融资 融资租赁 金融 保险 经纪 保险代理 代理 担保 基金 证券 期货 检测 检验 认证 计量 智能 人工智能 机器人 自动化 数据 大数据 数字 云计算 互联网 物联网 通信 通讯 传感 仪器 仪表 仪器仪表 安防 消防 安全 保安 保洁
物业 人力资源 人才 劳务 劳务派遣 运输 货运 快递 速递 仓储 冷链 航空 航天 船舶 海运 港口 码头 矿业 矿产 煤业 煤炭 石油 天然气 燃气 热力 水务 水利 水电 供水 水泥 混凝土 石材 砂石 玻璃 陶瓷 珠宝 首饰 钟表 眼镜 玩具 体育
健身 影视 影业 动漫 游戏 娱乐 音乐 艺术 出版 图书 电子商务 电商 百货 超市 商场 零售 连锁 便利店 茶业 茶叶 酒业 饮料 乳业 粮油 粮食 米业 面粉 肉类 种业 饲料 肥料 农资 农药 花卉 园林 绿化 景观 苗木 市政 路桥 桥梁 公路 交通
轨道 铁路 模具 轴承 阀门 泵业 管业 管道 电缆 电线 线缆 线束 电池 锂电 储能 充电 半导体 集成电路 芯片 微电子 显示 照明 灯饰 灯具 门窗 幕墙 地板 木业 竹业 电梯 锅炉 压缩机 制冷 空调 暖通 净化 过滤 焊接 激光 数控 机床 刀具
液压 气动 传动 齿轮 弹簧 紧固件 磨具 磨料 陶粒 耐火材料 催化剂 试剂 诊断 基因 疫苗 中药 中药材 饮片 保健 美容 美业 口腔 眼科 医院 诊所 药房 大药房 药店 兽药 宠物 母婴 幼教 幼儿园 学校 职业 留学 翻译 知识产权 专利 商标 法律
财务 会计 税务 审计 评估 造价 监理 招标 测绘 勘察 勘测 地质 遥感 气象 海洋 生态 再生资源 资源 废旧 回收 危废 固废 污水处理 水处理 处理 热处理 表面处理 加工 维修 修理 安装 搬家 家政 婚庆 摄影 礼仪 票务 彩票 典当 拍卖 小额贷款 支付 征信
策划 营销 推广 品牌 公关 调查 市场 展览 创意 科创 孵化 孵化器 众创 空间 产品 系列 专用 特种 通用 重工 轻工 军工 防务 电商务 信息技术 网络科技 数据服务 生物科技
`
  .trim()
  .split(/\s+/)

/** Marks that registers and sellers put around a name and that say nothing about who it is. */
export const STATUS_MARKS =
  /[([【](?:已注销|注销|吊销|存续|在业|开业|迁出|停业|暂停|作废|重复|测试|新|旧|原|老客户|重点|vip|st)[)\]】]|^\*?st(?=\p{Script=Han})/giu

/** Everybody's mail houses: an address there says nothing about the company. */
export const PUBLIC_MAIL: ReadonlySet<string> = new Set(
  'qq.com foxmail.com 163.com 126.com yeah.net 188.com vip.163.com vip.126.com vip.qq.com sina.com sina.cn sina.com.cn vip.sina.com sohu.com vip.sohu.com 139.com 189.cn wo.cn 21cn.com aliyun.com tom.com 263.net gmail.com googlemail.com outlook.com hotmail.com live.com live.cn msn.com yahoo.com yahoo.cn yahoo.com.cn yahoo.com.tw yahoo.com.hk icloud.com me.com mac.com proton.me protonmail.com aol.com gmx.com gmx.de web.de mail.ru yandex.ru hinet.net pchome.com.tw'.split(
    ' ',
  ),
)

export const LATIN_FORMS: ReadonlySet<string> = new Set(
  'co company ltd limited inc incorporated corp corporation llc llp lp plc gmbh ag kg sa sarl srl spa bv nv ab as oy pty pte sdn bhd kk group holdings holding the and of'.split(
    ' ',
  ),
)

/** Latin words for lines of business, by the stem they share; translations differ, so they never contradict each other. */
export const LATIN_BUSINESS: ReadonlySet<string> = new Set(
  'technology technologies tech industrial industry industries trading trade commerce commercial logistics supply chain management consulting culture media advertising education medical health food foods catering agriculture development real estate construction engineering decoration materials material energy electronic electronics electrical machinery machine equipment manufacturing manufacture precision information network software data service services auto automotive parts packaging products chemical chemicals biotech biotechnology bio environmental environment import export leasing finance financial investment international intelligent smart testing home furnishing household enterprise enterprises design systems system solutions global'.split(
    ' ',
  ),
)
