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
  synonyms: ['开始使用日期', '启用日期'],
} as const
const serviceMonths = {
  key: 'serviceMonths',
  label: '预计使用年限(月)',
  kind: 'integer',
  synonyms: ['使用期限(月)'],
} as const
const brand = { key: 'brand', label: '品牌', kind: 'text', max: 60 } as const
const supplier = { key: 'supplier', label: '供应商', kind: 'text', max: 120, synonyms: ['销货单位'] } as const
const warrantyUntil = { key: 'warrantyUntil', label: '保修截止日期', kind: 'date' } as const
const completedOn = { key: 'completedOn', label: '竣工日期', kind: 'date', synonyms: ['竣工时间'] } as const
const certifiedOn = { key: 'certifiedOn', label: '发证日期', kind: 'date' } as const
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

/** The fields that only cards of one type have (行政事业单位资产卡片; 农村集体资源卡片), beside those every card has. */
export const typeFields = {
  land: [
    landUse,
    landUseStandard,
    {
      key: 'landRight',
      label: '土地使用权类型',
      kind: 'choice',
      choices: choices('出让', '划拨', '租赁', '批准拨用', '入股', '联营', '其他'),
      synonyms: ['使用权类型'],
    },
    { key: 'parcelNo', label: '地号', kind: 'text', max: 40, synonyms: ['宗地号', '宗地代码', '不动产单元号'] },
    { key: 'ownUseArea', label: '独用面积', kind: 'area', unit: '㎡' },
    { key: 'sharedArea', label: '分摊面积', kind: 'area', unit: '㎡' },
    titleMonths,
    certifiedOn,
    ...boundaries,
  ],
  house: [
    completedOn,
    inServiceOn,
    { key: 'designUse', label: '设计用途', kind: 'text', max: 40, synonyms: ['规划用途'] },
    { key: 'floors', label: '层数', kind: 'integer', synonyms: ['楼层数'] },
    { key: 'officeArea', label: '办公用房面积', kind: 'area', unit: '㎡' },
    { key: 'businessArea', label: '业务用房面积', kind: 'area', unit: '㎡' },
    { key: 'dangerousArea', label: '危房面积', kind: 'area', unit: '㎡' },
    serviceMonths,
    titleMonths,
    certifiedOn,
  ],
  structure: [
    completedOn,
    inServiceOn,
    { key: 'measure', label: '构筑物计量', kind: 'quantity' },
    { key: 'purpose', label: '用途', kind: 'text', max: 60 },
    serviceMonths,
  ],
  public_facility: [
    completedOn,
    inServiceOn,
    { key: 'length', label: '长度(米)', kind: 'quantity', synonyms: ['规模/长度'] },
    { key: 'width', label: '宽度(米)', kind: 'quantity' },
    { key: 'startPoint', label: '起点位置', kind: 'text', max: 100, synonyms: ['起点'] },
    { key: 'endPoint', label: '终点位置', kind: 'text', max: 100, synonyms: ['终点'] },
    { key: 'caretaker', label: '管护责任人', kind: 'text', max: 60, synonyms: ['管护人'] },
  ],
  vehicle: [
    { key: 'plate', label: '车牌号', kind: 'text', max: 20, synonyms: ['号牌号码', '车牌'] },
    { key: 'vin', label: '车辆识别号', kind: 'text', max: 30, synonyms: ['车架号'] },
    { key: 'engineNo', label: '发动机号', kind: 'text', max: 40 },
    brand,
    { key: 'displacement', label: '排气量(升)', kind: 'quantity' },
    { key: 'licensedOn', label: '行驶证注册日期', kind: 'date' },
    { key: 'staffing', label: '编制情况', kind: 'choice', choices: choices('在编', '不在编', '未核定车编') },
    {
      key: 'vehicleUse',
      label: '车辆用途',
      kind: 'choice',
      choices: choices('机要通信', '应急保障', '执法执勤', '特种专业技术', '离退休干部', '其他'),
    },
    inServiceOn,
  ],
  equipment: [
    brand,
    { key: 'manufacturer', label: '生产厂家', kind: 'text', max: 120, synonyms: ['制造厂商', '制造商'] },
    { key: 'serialNo', label: '出厂编号', kind: 'text', max: 60, synonyms: ['出厂号'] },
    supplier,
    warrantyUntil,
    inServiceOn,
    serviceMonths,
  ],
  furniture: [brand, supplier, inServiceOn, serviceMonths],
  intangible: [
    { key: 'registrationNo', label: '登记证书号', kind: 'text', max: 80, synonyms: ['专利号/著作权号/商标号'] },
    { key: 'licensor', label: '授权方', kind: 'text', max: 120 },
    { key: 'termFrom', label: '权利起始日', kind: 'date', synonyms: ['授权期限起'] },
    { key: 'termTo', label: '权利终止日', kind: 'date', synonyms: ['授权期限止'] },
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
    { key: 'trees', label: '棵数', kind: 'integer', synonyms: ['棵', '株数'] },
    ...boundaries,
  ],
  other: [],
} as const satisfies Record<string, readonly Field[]>

export type TypeFieldKey = (typeof typeFields)[keyof typeof typeFields][number]['key']

/** The fields of one card type; none for a type that is not known. */
export function fieldsOfType(cardType: string | null | undefined): readonly Field[] {
  return Object.entries(typeFields).find(([type]) => type === cardType)?.[1] ?? []
}

type TypeField = Field & { key: TypeFieldKey }

/** Every such field once: several types share some. */
export const allTypeFields: readonly TypeField[] = [
  ...new Map(
    Object.values<readonly TypeField[]>(typeFields)
      .flat()
      .map((field) => [field.key, field]),
  ).values(),
]
