import type { Choice, Field } from './fields.ts'
import { typeHeaders } from './type-headers.ts'

const choices = (...labels: readonly string[]): readonly Choice[] => labels.map((label) => ({ value: label, label }))

/** 四至: what a parcel or a resource borders on. */
const boundaries = [
  { key: 'boundaryEast', label: '东至', kind: 'text', max: 100, ...typeHeaders.boundaryEast },
  { key: 'boundarySouth', label: '南至', kind: 'text', max: 100, ...typeHeaders.boundarySouth },
  { key: 'boundaryWest', label: '西至', kind: 'text', max: 100, ...typeHeaders.boundaryWest },
  { key: 'boundaryNorth', label: '北至', kind: 'text', max: 100, ...typeHeaders.boundaryNorth },
] as const satisfies readonly Field[]

const inServiceOn = { key: 'inServiceOn', label: '投入使用日期', kind: 'date', ...typeHeaders.inServiceOn } as const
const serviceMonths = {
  key: 'serviceMonths',
  label: '预计使用年限(月)',
  kind: 'integer',
  ...typeHeaders.serviceMonths,
} as const
const brand = { key: 'brand', label: '品牌', kind: 'text', max: 60, ...typeHeaders.brand } as const
const supplier = { key: 'supplier', label: '供应商', kind: 'text', max: 120, ...typeHeaders.supplier } as const
const warrantyUntil = {
  key: 'warrantyUntil',
  label: '保修截止日期',
  kind: 'date',
  ...typeHeaders.warrantyUntil,
} as const
const completedOn = { key: 'completedOn', label: '竣工日期', kind: 'date', ...typeHeaders.completedOn } as const
const certifiedOn = { key: 'certifiedOn', label: '发证日期', kind: 'date', ...typeHeaders.certifiedOn } as const
const titleMonths = { key: 'titleMonths', label: '权属年限(月)', kind: 'integer' } as const
const landUse = { key: 'landUse', label: '地类(用途)', kind: 'text', max: 60, ...typeHeaders.landUse } as const
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
    ...typeHeaders.procurement,
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
  { key: 'booked', label: '财务入账状态', kind: 'choice', choices: choices('已入账', '未入账'), ...typeHeaders.booked },
  { key: 'bookedOn', label: '财务入账日期', kind: 'date', ...typeHeaders.bookedOn },
  { key: 'account', label: '单位会计科目', kind: 'text', max: 60, ...typeHeaders.account },
  { key: 'fiscalFunds', label: '财政拨款', kind: 'money', unit: '元', ...typeHeaders.fiscalFunds },
  { key: 'otherFunds', label: '非财政拨款', kind: 'money', unit: '元', ...typeHeaders.otherFunds },
  {
    key: 'depreciationState',
    label: '折旧状态',
    kind: 'choice',
    choices: choices('提折旧(摊销)', '不提折旧', '已完成折旧'),
  },
  { key: 'depreciationMonths', label: '折旧年限(月)', kind: 'integer', ...typeHeaders.depreciationMonths },
  { key: 'invoiceNo', label: '发票号', kind: 'text', max: 60, ...typeHeaders.invoiceNo },
  { key: 'budgetProjectNo', label: '预算项目编号', kind: 'text', max: 60, ...typeHeaders.budgetProjectNo },
] as const satisfies readonly Field[]

/** The fields that only cards of one type have (行政事业单位资产卡片; 农村集体资源卡片), beside those every card has. */
export const typeFields = {
  land: [
    landUse,
    landUseStandard,
    { key: 'landGrade', label: '土地级次', kind: 'text', max: 20, ...typeHeaders.landGrade },
    landOwner,
    {
      key: 'landRight',
      label: '土地使用权类型',
      kind: 'choice',
      choices: choices('出让', '划拨', '租赁', '批准拨用', '入股', '联营', '其他'),
      ...typeHeaders.landRight,
    },
    { key: 'parcelNo', label: '地号', kind: 'text', max: 40, ...typeHeaders.parcelNo },
    { key: 'ownUseArea', label: '独用面积', kind: 'area', unit: '㎡' },
    { key: 'sharedArea', label: '分摊面积', kind: 'area', unit: '㎡', ...typeHeaders.sharedArea },
    { key: 'certifiedArea', label: '土地证载明面积', kind: 'area', unit: '㎡', ...typeHeaders.certifiedArea },
    titleMonths,
    certifiedOn,
    ...boundaries,
  ],
  house: [
    completedOn,
    inServiceOn,
    { key: 'designUse', label: '设计用途', kind: 'text', max: 40, ...typeHeaders.designUse },
    { key: 'floors', label: '层数', kind: 'integer', ...typeHeaders.floors },
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
    { key: 'purpose', label: '用途', kind: 'text', max: 60, ...typeHeaders.purpose },
    supplier,
    serviceMonths,
  ],
  public_facility: [
    completedOn,
    inServiceOn,
    { key: 'length', label: '长度(米)', kind: 'quantity', ...typeHeaders.length },
    { key: 'width', label: '宽度(米)', kind: 'quantity' },
    { key: 'startPoint', label: '起点位置', kind: 'text', max: 100, ...typeHeaders.startPoint },
    { key: 'endPoint', label: '终点位置', kind: 'text', max: 100, ...typeHeaders.endPoint },
    { key: 'caretaker', label: '管护责任人', kind: 'text', max: 60, ...typeHeaders.caretaker },
  ],
  vehicle: [
    { key: 'plate', label: '车牌号', kind: 'text', max: 20, ...typeHeaders.plate },
    { key: 'vin', label: '车辆识别号', kind: 'text', max: 30, ...typeHeaders.vin },
    { key: 'engineNo', label: '发动机号', kind: 'text', max: 40, ...typeHeaders.engineNo },
    brand,
    { key: 'displacement', label: '排气量(升)', kind: 'quantity', ...typeHeaders.displacement },
    { key: 'plateKind', label: '号牌种类', kind: 'text', max: 20 },
    { key: 'licensedOn', label: '行驶证注册日期', kind: 'date', ...typeHeaders.licensedOn },
    { key: 'origin', label: '车辆产地', kind: 'choice', choices: choices('国产', '进口') },
    { key: 'seats', label: '车座数', kind: 'integer', ...typeHeaders.seats },
    { key: 'newEnergy', label: '是否新能源', kind: 'choice', choices: choices('是', '否') },
    { key: 'mileage', label: '里程(公里)', kind: 'integer', ...typeHeaders.mileage },
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
      ...typeHeaders.vehicleUse,
    },
    ...purchase,
    supplier,
    warrantyUntil,
    inServiceOn,
    serviceMonths,
  ],
  equipment: [
    brand,
    { key: 'manufacturer', label: '生产厂家', kind: 'text', max: 120, ...typeHeaders.manufacturer },
    { key: 'serialNo', label: '出厂编号', kind: 'text', max: 60, ...typeHeaders.serialNo },
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
    { key: 'registrationNo', label: '登记证书号', kind: 'text', max: 80, ...typeHeaders.registrationNo },
    { key: 'licensor', label: '授权方', kind: 'text', max: 120 },
    { key: 'termFrom', label: '权利起始日', kind: 'date', ...typeHeaders.termFrom },
    { key: 'termTo', label: '权利终止日', kind: 'date', ...typeHeaders.termTo },
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
    { key: 'contractedArea', label: '承包面积', kind: 'area', unit: '㎡', ...typeHeaders.contractedArea },
    { key: 'timberVolume', label: '蓄积(立方米)', kind: 'quantity', ...typeHeaders.timberVolume },
    { key: 'trees', label: '棵数', kind: 'integer', ...typeHeaders.trees },
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
