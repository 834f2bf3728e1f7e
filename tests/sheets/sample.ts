import type { StatisticsDetailRow, StatisticsSummaryRow } from '../../imports/sheets/statistics.ts'
import { statisticsSheet, statisticsSummarySheet, summarySections } from '../../imports/sheets/statistics.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'

const school: StatisticsDetailRow = {
  town: '蓬莱镇',
  division: '城东村',
  originalUnit: '原回马镇',
  code: '51092300000017',
  name: '原城东小学教学楼',
  track: 'state',
  cardType: 'house',
  location: '蓬莱镇城东村3组12号',
  acquiredOn: '1998',
  structure: '砖混',
  landArea: '1377.00',
  floorArea: '2150.50',
  quantity: '1',
  unitOfMeasure: '栋',
  cost: '54100000.00',
  depreciation: '0.10',
  netValue: '54099999.90',
  source: 'government',
  ownerUnit: '蓬莱镇人民政府',
  titleKind: 'titled',
  certificate: '川(2019)大英县不动产权第0000123号',
  usingUnit: '蓬莱镇财政办',
  usage: 'idle',
  idleArea: '2150.50',
  lessee: null,
  leaseTerm: null,
  annualRent: null,
  problem: '屋面漏水',
  remark: null,
}

export const detailRows: StatisticsDetailRow[] = [
  school,
  {
    ...school,
    code: '51092300000025',
    name: '临街商铺',
    acquiredOn: '2018-03',
    usage: 'leased',
    cost: '0.10',
    depreciation: null,
    netValue: '0.10',
    landArea: null,
    floorArea: '46.25',
    idleArea: null,
    lessee: '张会计',
    leaseTerm: '2024年1月1日至2026年12月31日',
    annualRent: '12000.00',
  },
  {
    ...school,
    code: '51092300000033',
    name: '办公桌',
    cardType: 'furniture',
    acquiredOn: '2018-03-01',
    usage: 'in_use',
    cost: '1999.99',
    depreciation: '999.99',
    netValue: '1000.00',
    landArea: null,
    floorArea: null,
    idleArea: null,
    quantity: '2.5',
    unitOfMeasure: '张',
  },
]

export const stationedRows: StatisticsDetailRow[] = [
  {
    ...school,
    code: '51092300000041',
    name: '派出所办公楼',
    ownerUnit: '县公安局',
    cost: '700.00',
    netValue: '700.00',
  },
]

const town = { unit: '蓬莱镇人民政府' }
export const summaryRows: StatisticsSummaryRow[] = [
  {
    ...town,
    cardType: 'house',
    count: '2',
    landArea: '1377.00',
    floorArea: '2196.75',
    idleArea: '2150.50',
    cost: '54100000.10',
    depreciation: '0.10',
    netValue: '54100000.00',
    annualRent: '12000.00',
  },
  {
    ...town,
    cardType: 'furniture',
    count: '1',
    landArea: null,
    floorArea: null,
    idleArea: null,
    cost: '1999.99',
    depreciation: '999.99',
    netValue: '1000.00',
    annualRent: null,
  },
]

/** 统计表 with 明细 and 汇总, as a town's finance office prints it. */
export function statistics(summary: readonly StatisticsSummaryRow[] = summaryRows): Worksheet[] {
  const meta = ['填报单位：蓬莱镇人民政府', '统计时点：2026年11月22日']
  const signatures = { unit: '蓬莱镇人民政府', preparer: '张会计', date: '2026年11月22日' }
  return [
    {
      sheet: statisticsSheet,
      name: '明细',
      meta,
      signatures,
      sections: [{ rows: detailRows }],
      apart: [{ heading: '派驻单位(数字随主管部门统计，不计入上列合计)', rows: stationedRows, subtotal: '派驻小计' }],
    },
    {
      sheet: statisticsSummarySheet,
      name: '汇总',
      meta,
      signatures,
      sections: summarySections(summary),
      check: { against: '明细', label: '明细合计', rowCount: 'count' },
    },
  ]
}
