/** What a name most likely is, tried in order; the first word found decides. */
const words: readonly (readonly [RegExp, string])[] = [
  [/汽车|轿车|货车|皮卡|面包车|摩托|消防车|环卫车|垃圾车|拖拉机/, 'vehicle'],
  [/耕地|林地|林木|公益林|集体林|果园|茶园|园地|草地|堰塘|山坪塘|水库|水面|鱼塘|荒[山坡地滩]/, 'resource'],
  [
    /公路|道路|村道|社道|便民路|桥|路灯|渠|管网|供水|排灌|提灌|泵站|停车场|广场|公厕|垃圾(?:池|房|站)/,
    'public_facility',
  ],
  [/围墙|大门|晒坝|水塔|水池|蓄水|护坡|堡坎|凉亭|球场|旗台|化粪池/, 'structure'],
  [
    /楼|房|校|小学|中学|教室|宿舍|食堂|厂|仓|库|店|门面|商铺|铺面|卫生室|卫生院|活动室|服务中心|办公室|会议室|村部|阵地|敬老院|幼儿园/,
    'house',
  ],
  [/宗地|地块|土地|用地|宅基地|空地/, 'land'],
  [/桌|椅|柜|沙发|床|家具|茶几|书架|讲台/, 'furniture'],
  [/电脑|计算机|打印|复印|空调|电视|投影|音响|摄像|相机|机|设备|仪|泵|锅炉|变压器|服务器|显示/, 'equipment'],
  [/软件|专利|商标|著作权|经营权|使用权/, 'intangible'],
]

/** The card type a name suggests; other when nothing does. */
export function guessCardType(name: string): string {
  return words.find(([pattern]) => pattern.test(name))?.[1] ?? 'other'
}
