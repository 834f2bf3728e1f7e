import type { Choice, Field } from './fields.ts'

const choices = (...labels: readonly string[]): readonly Choice[] => labels.map((label) => ({ value: label, label }))

/** 四至: what a parcel or a resource borders on. */
const boundaries = [
  { key: 'boundaryEast', label: '东至', kind: 'text', max: 100, synonyms: ['四至边界东', '四至东', '四至>东'] },
  { key: 'boundarySouth', label: '南至', kind: 'text', max: 100, synonyms: ['四至边界南', '四至南', '四至>南'] },
  { key: 'boundaryWest', label: '西至', kind: 'text', max: 100, synonyms: ['四至边界西', '四至西', '四至>西'] },
  { key: 'boundaryNorth', label: '北至', kind: 'text', max: 100, synonyms: ['四至边界北', '四至北', '四至>北'] },
] as const satisfies readonly Field[]

const inServiceOn = {
  key: 'inServiceOn',
  label: '投入使用日期',
  kind: 'date',
  synonyms: [
    '开始使用日期',
    '启用日期',
    '投产日期',
    '起用时间',
    '启用时间',
    '投入使用时间',
    '开始使用时间',
    '交付使用日期',
  ],
  maybe: ['使用日期'],
} as const
const serviceMonths = {
  key: 'serviceMonths',
  label: '预计使用年限(月)',
  kind: 'integer',
  synonyms: ['使用期限(月)', '使用年限(月)', '预计使用月数', '预计使用期限(月)'],
} as const
const brand = { key: 'brand', label: '品牌', kind: 'text', max: 60, synonyms: ['品牌名称'] } as const
const supplier = {
  key: 'supplier',
  label: '供应商',
  kind: 'text',
  max: 120,
  synonyms: ['销货单位', '供货商', '供货单位', '销售商'],
} as const
const warrantyUntil = {
  key: 'warrantyUntil',
  label: '保修截止日期',
  kind: 'date',
  synonyms: ['保修到期日期', '质保结束日期', '质保到期日期', '质保截止日期', '保修期至'],
} as const
const completedOn = {
  key: 'completedOn',
  label: '竣工日期',
  kind: 'date',
  synonyms: ['竣工时间', '竣工年月', '竣工验收日期'],
} as const
const certifiedOn = { key: 'certifiedOn', label: '发证日期', kind: 'date', synonyms: ['发证时间', '领证日期'] } as const
const titleMonths = { key: 'titleMonths', label: '权属年限(月)', kind: 'integer' } as const
const landUse = {
  key: 'landUse',
  label: '地类(用途)',
  kind: 'text',
  max: 60,
  synonyms: ['地类', '土地用途', '批准用途'],
} as const
const landUseStandard = {
  key: 'landUseStandard',
  label: '地类标准',
  kind: 'choice',
  // The planning system's codes differ from the survey's, so a land-use code means nothing without its standard.
  choices: choices('GB/T 21010-2017', '用地用海分类'),
} as const

const purchase = [
  {
    key: 'procurement',
    label: '采购组织形式',
    kind: 'choice',
    choices: choices('政府集中采购', '部门集中采购', '分散采购', '其他'),
    synonyms: ['采购形式'],
  },
  { key: 'purchaseContractNo', label: '采购合同编号', kind: 'text', max: 60 },
] as const satisfies readonly Field[]
const landOwner = { key: 'landOwner', label: '土地所有权人', kind: 'text', max: 120 } as const
const supplierPhone = { key: 'supplierPhone', label: '供应商电话', kind: 'text', max: 40 } as const
const underground = { key: 'undergroundArea', label: '地下面积', kind: 'area', unit: '㎡' } as const

/**
 * 财务信息 of every state card (行政事业单位资产卡片): how it stands in the books, which import and voucher tell and
 * Panhuo never reckons. Collective cards may carry them too.
 */
export const bookFields = [
  {
    key: 'booked',
    label: '财务入账状态',
    kind: 'choice',
    choices: choices('已入账', '未入账'),
    synonyms: ['入账状态', '登账状态'],
  },
  {
    key: 'bookedOn',
    label: '财务入账日期',
    kind: 'date',
    synonyms: ['记账日期', '入账日期', '入账时间', '入账年度', '登账日期', '财务入账时间'],
  },
  {
    key: 'account',
    label: '单位会计科目',
    kind: 'text',
    max: 60,
    synonyms: ['入账科目', '会计科目', '核算科目'],
    maybe: ['资产科目'],
  },
  {
    key: 'fiscalFunds',
    label: '财政拨款',
    kind: 'money',
    unit: '元',
    synonyms: ['财政性资金', '财政补助收入'],
    maybe: ['财政资金', '财政投入'],
  },
  {
    key: 'otherFunds',
    label: '非财政拨款',
    kind: 'money',
    unit: '元',
    synonyms: ['非财政性资金'],
    maybe: ['自筹资金'],
  },
  {
    key: 'depreciationState',
    label: '折旧状态',
    kind: 'choice',
    choices: choices('提折旧(摊销)', '不提折旧', '已完成折旧'),
  },
  {
    key: 'depreciationMonths',
    label: '折旧年限(月)',
    kind: 'integer',
    synonyms: ['折旧/摊销年限(月)', '摊销年限(月)', '折旧期限(月)', '折旧月数', '摊销期限(月)'],
  },
  { key: 'invoiceNo', label: '发票号', kind: 'text', max: 60, synonyms: ['发票号码'] },
  { key: 'budgetProjectNo', label: '预算项目编号', kind: 'text', max: 60, synonyms: ['项目代码'] },
] as const satisfies readonly Field[]

/** The fields that only cards of one type have (行政事业单位资产卡片; 农村集体资源卡片), beside those every card has. */
export const typeFields = {
  land: [
    landUse,
    landUseStandard,
    { key: 'landGrade', label: '土地级次', kind: 'text', max: 20, synonyms: ['土地等级'] },
    landOwner,
    {
      key: 'landRight',
      label: '土地使用权类型',
      kind: 'choice',
      choices: choices('出让', '划拨', '租赁', '批准拨用', '入股', '联营', '其他'),
      synonyms: ['使用权类型'],
    },
    {
      key: 'parcelNo',
      label: '地号',
      kind: 'text',
      max: 40,
      synonyms: ['宗地号', '宗地代码', '不动产单元号', '宗地编号', '不动产单元代码'],
    },
    { key: 'ownUseArea', label: '独用面积', kind: 'area', unit: '㎡' },
    { key: 'sharedArea', label: '分摊面积', kind: 'area', unit: '㎡', synonyms: ['分摊土地面积'] },
    { key: 'certifiedArea', label: '土地证载明面积', kind: 'area', unit: '㎡', synonyms: ['证载面积'] },
    titleMonths,
    certifiedOn,
    ...boundaries,
  ],
  house: [
    completedOn,
    inServiceOn,
    { key: 'designUse', label: '设计用途', kind: 'text', max: 40, synonyms: ['规划用途'] },
    {
      key: 'floors',
      label: '层数',
      kind: 'integer',
      synonyms: ['楼层数', '总层数', '楼房层数', '建筑层数', '房屋层数'],
    },
    { key: 'officeArea', label: '办公用房面积', kind: 'area', unit: '㎡' },
    { key: 'businessArea', label: '业务用房面积', kind: 'area', unit: '㎡' },
    underground,
    { key: 'heatedArea', label: '供暖面积', kind: 'area', unit: '㎡' },
    { key: 'dangerousArea', label: '危房面积', kind: 'area', unit: '㎡' },
    serviceMonths,
    titleMonths,
    certifiedOn,
  ],
  structure: [
    completedOn,
    inServiceOn,
    { key: 'measure', label: '构筑物计量', kind: 'quantity' },
    { key: 'purpose', label: '用途', kind: 'text', max: 60, synonyms: ['资产用途'], maybe: ['物业用途', '实际用途'] },
    supplier,
    serviceMonths,
  ],
  public_facility: [
    completedOn,
    inServiceOn,
    { key: 'length', label: '长度(米)', kind: 'quantity', synonyms: ['道路长度(米)', '全长(米)'] },
    { key: 'width', label: '宽度(米)', kind: 'quantity' },
    { key: 'startPoint', label: '起点位置', kind: 'text', max: 100, synonyms: ['起点'] },
    { key: 'endPoint', label: '终点位置', kind: 'text', max: 100, synonyms: ['终点'] },
    { key: 'caretaker', label: '管护责任人', kind: 'text', max: 60, synonyms: ['管护人'] },
  ],
  vehicle: [
    {
      key: 'plate',
      label: '车牌号',
      kind: 'text',
      max: 20,
      synonyms: ['号牌号码', '车牌', '车辆牌照号', '车牌号码', '车辆号牌', '牌照号'],
    },
    { key: 'vin', label: '车辆识别号', kind: 'text', max: 30, synonyms: ['车架号'] },
    { key: 'engineNo', label: '发动机号', kind: 'text', max: 40, synonyms: ['发动机号码', '发动机编号'] },
    brand,
    { key: 'displacement', label: '排气量(升)', kind: 'quantity', synonyms: ['排量(升)', '排气量', '排量'] },
    { key: 'plateKind', label: '号牌种类', kind: 'text', max: 20 },
    { key: 'licensedOn', label: '行驶证注册日期', kind: 'date', synonyms: ['车辆行驶证注册日期', '行驶证登记日期'] },
    { key: 'origin', label: '车辆产地', kind: 'choice', choices: choices('国产', '进口') },
    { key: 'seats', label: '车座数', kind: 'integer', synonyms: ['座位数', '核定载客'] },
    { key: 'newEnergy', label: '是否新能源', kind: 'choice', choices: choices('是', '否') },
    { key: 'mileage', label: '里程(公里)', kind: 'integer', synonyms: ['行驶里程', '里程', '里程数', '行驶公里数'] },
    { key: 'staffing', label: '编制情况', kind: 'choice', choices: choices('在编', '不在编', '未核定车编') },
    {
      key: 'vehicleUse',
      label: '车辆用途',
      kind: 'choice',
      choices: choices(
        '副部(省)级以上领导用车',
        '机要通信',
        '应急保障',
        '执法执勤',
        '特种专业技术',
        '离退休干部',
        '其他',
      ),
      synonyms: ['车辆用途分类'],
    },
    ...purchase,
    supplier,
    warrantyUntil,
    inServiceOn,
    serviceMonths,
  ],
  equipment: [
    brand,
    {
      key: 'manufacturer',
      label: '生产厂家',
      kind: 'text',
      max: 120,
      synonyms: ['制造厂商', '制造商', '生产厂商', '制造厂家', '厂家', '生产商', '制造单位', '厂商'],
    },
    {
      key: 'serialNo',
      label: '出厂编号',
      kind: 'text',
      max: 60,
      synonyms: ['出厂号', '出厂序列号', '序列号', '机身号', '产品序列号'],
    },
    ...purchase,
    supplier,
    supplierPhone,
    warrantyUntil,
    { key: 'maintenanceMonths', label: '定期保养期限(月)', kind: 'integer' },
    inServiceOn,
    serviceMonths,
  ],
  furniture: [brand, ...purchase, supplier, supplierPhone, inServiceOn, serviceMonths],
  intangible: [
    { key: 'registrationNo', label: '登记证书号', kind: 'text', max: 80, synonyms: ['专利号/著作权号/商标号'] },
    { key: 'licensor', label: '授权方', kind: 'text', max: 120 },
    { key: 'termFrom', label: '权利起始日', kind: 'date', synonyms: ['授权期限起'] },
    { key: 'termTo', label: '权利终止日', kind: 'date', synonyms: ['授权期限止'] },
    ...purchase,
  ],
  resource: [
    landUse,
    landUseStandard,
    {
      key: 'operation',
      label: '资源经营方式',
      kind: 'choice',
      choices: choices('发包', '转包', '互换', '入股', '合作', '出租', '借用', '闲置', '集体经营', '其他'),
    },
    { key: 'contractedArea', label: '承包面积', kind: 'area', unit: '㎡', synonyms: ['依法承包面积'] },
    { key: 'timberVolume', label: '蓄积(立方米)', kind: 'quantity', synonyms: ['蓄积'] },
    { key: 'trees', label: '棵数', kind: 'integer', synonyms: ['棵', '株数', '数量(株)', '棵(株)数'] },
    ...boundaries,
  ],
  other: [],
} as const satisfies Record<string, readonly Field[]>

export type TypeFieldKey =
  | (typeof typeFields)[keyof typeof typeFields][number]['key']
  | (typeof bookFields)[number]['key']

/** The fields of one card type; none for a type that is not known. */
export function fieldsOfType(cardType: string | null | undefined): readonly Field[] {
  return Object.entries(typeFields).find(([type]) => type === cardType)?.[1] ?? []
}

type TypeField = Field & { key: TypeFieldKey }

/** What a sheet of one card type prints beside the columns of every card: its own fields and the books'. */
export function sheetFieldsOf(cardType: string | null | undefined): readonly TypeField[] {
  const own = fieldsOfType(cardType) as readonly TypeField[]
  return cardType ? [...own, ...bookFields] : []
}

/** Every such field once: several types share some. */
export const allTypeFields: readonly TypeField[] = [
  ...new Map(
    [...Object.values<readonly TypeField[]>(typeFields).flat(), ...bookFields].map((field) => [field.key, field]),
  ).values(),
]
