import type { SQL } from 'drizzle-orm'
import type { Answers } from './answers.ts'
import type { Field } from './sheets/fields.ts'
import type { StagedRow, Verdict } from './staging.ts'
import type { Watch } from './watch.ts'

/** A row of a file, read for a target: what its cells came to, before it is compared with what is stored. */
export type InterpretedRow = {
  /** The worksheet's own row number. */
  row: number
  /** Which of the tables side by side the row stands in, from 1 on; absent in the first. */
  block?: number
  /** Stored form by field key. Blank cells are absent, and fields without a column are: they change nothing. */
  values: Record<string, string>
  /** Text of the columns that no field took, by header. */
  extras: Record<string, string>
  /** What was written, by field key, where the stored form says it otherwise (30亩, 2018年). */
  written: Record<string, string>
  problems: RowProblem[]
}

export type RowProblem = {
  row: number
  /** Column letter; null when it concerns the row. */
  column: string | null
  field: string | null
  /** One Chinese sentence: what is wrong and what to write instead. */
  message: string
  /** A wrong row is not committed; what is told is committed as the message says. */
  severity: 'wrong' | 'told'
}

export type FieldProblem = Pick<RowProblem, 'field' | 'message' | 'severity'>

/**
 * One way to find what a row stands for, tried for all rows in the order of the list. A `unique` one names its entry: two
 * rows of a file with the same are one too many. By others the n-th equal row is the n-th equal entry.
 */
export type Identity = {
  key: string
  /** Chinese, as in 与第 5 行的原资产编号相同. */
  label: string
  /** Fields that must be given and equal. */
  fields: readonly string[]
  unique: boolean
  /** A number of the thing itself: two that differ in it are never one, however alike they look. */
  number?: boolean
}

/** What matching says of a row. `duplicate` repeats a unique identity within the file; `skipped` is a person's decision. */
export type RowStatus = 'new' | 'changed' | 'unchanged' | 'duplicate' | 'wrong' | 'skipped'

/** One import of one file into one unit. */
export type Batch = {
  /** Opaque. */
  id: string
  /** The number people see. */
  no: string
  target: string
  /** The unit that bounds what the file may concern, and its track, where the target has one. */
  unitId: string
  track: 'state' | 'collective' | null
  /** The call whose count the rows belong to; null for what is entered into the register itself. */
  callId: string | null
  /** The day the file's figures are as of. */
  effectiveOn: string
  /** What people decided of how its file is read. */
  answers: Answers
  /** Keys of the fields that the file has a column for. */
  fields: readonly string[]
  /** The header that each of them stands under. */
  headers: Readonly<Record<string, string>>
  /** The texts above the header, by which a sheet that Panhuo printed says what it is. */
  titles: readonly string[]
}

export type MatchCounts = Record<RowStatus, number>

/** Something the file leaves open: taken by the guess unless a person decides. */
export type Question = {
  /** The same for the same question about the next file of this layout. */
  key: string
  kind: 'worksheet' | 'table' | 'column' | 'unit' | 'value'
  about: string
  guess: string
  /** The guess as an answer; null leaves the field blank and keeps the text beside it. */
  value: string | null
  /** Possible answers; without them any field (of a column), or whatever the field can hold (of a value). */
  choices?: readonly Answer[]
  column?: string
  field?: string
  /** The text as written that a value is asked for. */
  text?: string
  /** How many rows it concerns, and the first of them. */
  rows?: { count: number; first: number[] }
  /** Whether nobody may overlook it: the guess is not filled in. */
  open?: true
  /** Whether a person has decided it, for this file or for one of the same layout. */
  answered?: true
}

export type Answer = { value: string; label: string }

/** `good` leaves the wrong rows behind, `all` commits nothing while one row is wrong. */
export type CommitMode = 'all' | 'good'

/**
 * What a row of a file can become: a card, a count line, a claim, a person, a contract, a deed. The noun declares it
 * beside itself and hands it to the engine. Tx is the noun's transaction; the engine never looks inside.
 */
export type ImportTarget<Tx = unknown> = {
  key: string
  /** Chinese, as in 导入「资产卡片」. */
  label: string
  /** Chinese with its measure word, as in 同一张卡片. */
  entry: string
  fields: readonly Field[]
  /** Field that names what the row is, and tells a data row from a heading. */
  name: string
  /** Headers of its tables that whoever uploads something else is told to write. */
  headers: readonly string[]
  /** Headers of columns that its own sheets print and nothing is read from: kept beside the row without a question. */
  printed?: readonly string[]
  /** Titles of official sheets that hold sums or movements and no entries: such a file is refused. */
  sheetsWithout?: readonly string[]
  /** Fields that the list of its rows shows, in their order; the first is the name. */
  shown: readonly string[]
  /** Fields without which a row is wrong; what the defaults fill is not missing. */
  required: readonly string[]
  identities: readonly Identity[]
  /** Rules that need nothing but the row (and the defaults); pure. */
  check(
    row: Pick<InterpretedRow, 'values' | 'extras'>,
    defaults: Readonly<Record<string, string>>,
  ): readonly FieldProblem[]
  /** What the database adds; absent where a target is only read and checked. */
  verbs?: TargetVerbs<Tx>
}

/** What a row comes to by itself, should nothing stored match it. */
export type Resolved = {
  status: 'new' | 'wrong'
  /** What would be stored otherwise than the row says it; null for what would not be stored. */
  differing: Record<string, string | null>
  /** Texts of fields that mean nothing known, by header. */
  unplaced: Record<string, string>
  findings: FieldProblem[]
  /** One text or null for each identity; null altogether where the row is too wrong to be compared. */
  keys: readonly (string | null)[] | null
}

/** A row to resolve: what the file said with what people typed over it. */
export type RowToResolve = Pick<StagedRow, 'row' | 'block' | 'extra' | 'problems'> & {
  values: Readonly<Record<string, string>>
}

/** Names, units and rights around one batch, read once; then rows are resolved without the database. */
export type Resolver = {
  resolve(row: RowToResolve): Resolved
  /** What the rows resolved so far leave open. */
  questions(): Question[]
}

/** Each is one step of a batch within the caller's transaction, over the rows staged in `import_rows`. */
export type TargetVerbs<Tx> = {
  open(tx: Tx, batch: Batch): Promise<Resolver>
  /** The id that a new entry will have, as an expression. */
  reserve: SQL
  /**
   * Adds to `match_candidates` (rule, key, entry_id, version, nth, numbers, spent) every stored entry that may be meant
   * by a key of the rows: `keysOf` is a query of them by rule. Rules count from 1 along the identities; `nth` orders
   * entries that are alike, `numbers` has bit n - 1 set where rule n is a number and the entry has one, and a `spent`
   * key is an old one that leads to the entry today.
   */
  candidates(tx: Tx, batch: Batch, keysOf: (rule: number) => SQL): Promise<void>
  /** A query of the ids of rows to judge anew although they mean the same entry, at the same version, as before. */
  revisit?(batch: Batch): SQL
  /** Compares rows with the entries they match. */
  judge(tx: Tx, batch: Batch, resolver: Resolver, rows: readonly StagedRow[]): Promise<Verdict[]>
  /** What the file leaves open once its rows are matched. */
  questions?(tx: Tx, batch: Batch): Promise<Question[]>
  /** What a person should know of the file beside what is stored, and need not answer. */
  notices?(tx: Tx, batch: Batch): Promise<string[]>
  /** Makes the new and changed rows so, with an event each; all others are left. */
  apply(tx: Tx, batch: Batch, watch: Watch): Promise<void>
  /** What a committed batch leaves to be looked at, with the page where it is: one line; null for nothing. */
  aftermath?(tx: Tx, batch: Batch): Promise<{ lead: string; text: string; href: string } | null>
  /** Takes a committed batch back; absent where nothing can be. */
  undo?: UndoVerbs<Tx>
}

/** Entries that a batch made and that go again, those that get back what they were, and those left as they are. */
export type UndoCounts = { voided: number; restored: number; kept: number }

/** A row whose entry the undo leaves alone: what the entry is called, why, and the pages of both. */
export type KeptRow = { row: number; name: string; href: string; reason: string; reasonHref: string | null }

export type Stretch = { skip: number; most: number }

export type UndoVerbs<Tx> = {
  /** What undoing a committed batch would come to now, with a stretch of the rows it would keep. Writes nothing. */
  survey(tx: Tx, batch: Batch, stretch: Stretch): Promise<{ counts: UndoCounts; kept: KeptRow[] }>
  /** Takes back what can be, with an event for each entry that tells the reason, and writes on each other row why it is kept. */
  revert(tx: Tx, batch: Batch, reason: string, watch: Watch): Promise<UndoCounts>
  /** A stretch of the rows that an undone batch kept. */
  kept(tx: Tx, batch: Batch, stretch: Stretch): Promise<KeptRow[]>
}
