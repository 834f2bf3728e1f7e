import { shifted } from '../../imports/recognising/blocks.ts'
import { gathered } from '../../imports/recognising/questions.ts'
import type { Field } from '../../imports/sheets/fields.ts'
import type { BatchRow, Reading } from './actions.ts'
import { stepsOf } from './wording.ts'

/** What the batch's page says besides its rows: how the columns were read, what is open, what the figures come to. */
export function batchView(batch: BatchRow, fields: readonly Field[]) {
  const reading = batch.reading as Reading
  const label = (key: string | null) => fields.find((field) => field.key === key)?.label ?? ''
  return {
    reading,
    steps: stepsOf(batch, batch.state === 'committed' ? null : '核对'),
    columnsRead: {
      known: reading.columns.filter(({ field }) => field !== null).length,
      beside: reading.columns.filter(({ field, serial }) => field === null && !serial).length,
    },
    recalled: reading.recalled === true,
    // A column that is blank throughout comes to nothing and is not shown as a figure.
    sums: Object.entries(batch.sums)
      .filter(([, value]) => !/^[0.]+$/.test(value))
      .map(([key, value]) => {
        const field = fields.find((candidate) => candidate.key === key)
        return { label: label(key), value, unit: field?.unit ?? '', kind: field?.kind ?? 'quantity' }
      }),
    questions: gathered(reading.questions.filter(({ answered }) => !answered)),
    notices: reading.notices ?? [],
  }
}

/** Column of a field, for what the register says to a row; tables side by side have one for each. */
export function columnFinder({ columns, shifts }: Reading): (field: string | null, block: number) => string | null {
  return (field, block) => {
    const column = field === null ? undefined : columns.find((candidate) => candidate.field === field)?.column
    return column === undefined ? null : shifted(column, shifts?.[block] ?? 0)
  }
}
