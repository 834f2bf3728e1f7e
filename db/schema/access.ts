import { sql } from 'drizzle-orm'
import { boolean, check, date, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, id, reference } from './columns.ts'

/** 行政区划, 12 digits; an abolished code stays and names what it merged into. */
export const divisions = pgTable(
  'divisions',
  {
    code: text('code').primaryKey(),
    name: text('name').notNull(),
    level: integer('level').notNull(),
    parentCode: text('parent_code'),
    validFrom: date('valid_from'),
    validTo: date('valid_to'),
    mergedInto: text('merged_into'),
  },
  (table) => [
    check('divisions_code_shape', sql`${table.code} ~ '^[0-9]{12}$'`),
    index('divisions_parent').on(table.parentCode),
  ],
)

/** 单位. What changes over time (name, parent, location, accounting entity) is in `unit_periods`. */
export const units = pgTable(
  'units',
  {
    id: id(),
    /** Division 12 + kind letter + serial. */
    code: text('code').notNull(),
    kind: text('kind').notNull(),
    /** Accounting regime, where this unit keeps books: government, collective or none. */
    regime: text('regime').notNull().default('none'),
    state: text('state').notNull().default('active'),
    /** The day it was dissolved 撤销; its books and cards may stay until everything is handed over. */
    dissolvedOn: date('dissolved_on'),
    /** The last day nothing was left with it. */
    closedOn: date('closed_on'),
    version: integer('version').notNull().default(1),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('units_code').on(table.code),
    check(
      'units_kind',
      sql`${table.kind} in ('county_department','town_government','town_office','public_institution','general_branch','stationed','school','clinic','village_committee','group_collective','village_collective','town_collective','state_company')`,
    ),
    check('units_regime', sql`${table.regime} in ('government','collective','none')`),
    check('units_state', sql`${table.state} in ('active','winding_up','closed')`),
    check('units_closed', sql`(${table.state} = 'closed') = (${table.closedOn} is not null)`),
  ],
)

/** A unit's name, managing parent 隶属, location 属地 and accounting entity from a day on. */
export const unitPeriods = pgTable(
  'unit_periods',
  {
    id: id(),
    unitId: reference('unit_id')
      .notNull()
      .references(() => units.id),
    validFrom: date('valid_from').notNull(),
    /** First day it no longer holds. */
    validTo: date('valid_to'),
    name: text('name').notNull(),
    parentId: reference('parent_id').references(() => units.id),
    divisionCode: text('division_code')
      .notNull()
      .references(() => divisions.code),
    entityId: reference('entity_id').references(() => units.id),
  },
  (table) => [
    index('unit_periods_unit').on(table.unitId, table.validFrom),
    check('unit_periods_order', sql`${table.validTo} is null or ${table.validTo} > ${table.validFrom}`),
    check('unit_periods_parent', sql`${table.parentId} is null or ${table.parentId} <> ${table.unitId}`),
  ],
)

/** Which unit carries on what another was, from a day on. */
export const unitSuccessions = pgTable(
  'unit_successions',
  {
    id: id(),
    predecessorId: reference('predecessor_id')
      .notNull()
      .references(() => units.id),
    successorId: reference('successor_id')
      .notNull()
      .references(() => units.id),
    since: date('since').notNull(),
  },
  (table) => [
    uniqueIndex('unit_successions_pair').on(table.predecessorId, table.successorId),
    index('unit_successions_successor').on(table.successorId),
    check('unit_successions_two', sql`${table.predecessorId} <> ${table.successorId}`),
  ],
)

export const people = pgTable(
  'people',
  {
    id: id(),
    /** Sign-in name, kept in lower case. */
    account: text('account').notNull(),
    name: text('name').notNull(),
    phone: text('phone'),
    passwordHash: text('password_hash'),
    passwordChangedAt: at('password_changed_at'),
    mustChangePassword: boolean('must_change_password').notNull().default(true),
    disabledAt: at('disabled_at'),
    version: integer('version').notNull().default(1),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('people_account').on(table.account),
    check('people_account_shape', sql`${table.account} = lower(${table.account}) and length(${table.account}) >= 2`),
  ],
)

/** person × unit × role × track, dated. */
export const memberships = pgTable(
  'memberships',
  {
    id: id(),
    personId: reference('person_id')
      .notNull()
      .references(() => people.id),
    unitId: reference('unit_id')
      .notNull()
      .references(() => units.id),
    role: text('role').notNull(),
    track: text('track').notNull().default('both'),
    validFrom: date('valid_from').notNull(),
    validTo: date('valid_to'),
    grantedBy: reference('granted_by').references(() => people.id),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (table) => [
    index('memberships_person').on(table.personId),
    index('memberships_unit').on(table.unitId),
    check(
      'memberships_role',
      sql`${table.role} in ('keeper','lead','approver','registrar','inspector','leader','system_administrator','security_administrator','audit_administrator')`,
    ),
    check('memberships_track', sql`${table.track} in ('state','collective','both')`),
    check('memberships_order', sql`${table.validTo} is null or ${table.validTo} >= ${table.validFrom}`),
  ],
)

/** Server-side sessions; the cookie holds the id, the table only its SHA-256. */
export const sessions = pgTable(
  'sessions',
  {
    idHash: text('id_hash').primaryKey(),
    personId: reference('person_id')
      .notNull()
      .references(() => people.id),
    createdAt: at('created_at').notNull(),
    lastSeenAt: at('last_seen_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    address: text('address'),
    browser: text('browser'),
    /** One message for the next page. */
    flash: text('flash'),
  },
  (table) => [index('sessions_person').on(table.personId)],
)

/** Failed sign-ins per account and device class; a stranger's failures never lock out a known device. */
export const signInAttempts = pgTable('sign_in_attempts', {
  bucket: text('bucket').primaryKey(),
  failures: integer('failures').notNull().default(0),
  lockedUntil: at('locked_until'),
  lastAt: at('last_at').notNull(),
})

export const knownDevices = pgTable(
  'known_devices',
  {
    tokenHash: text('token_hash').primaryKey(),
    personId: reference('person_id')
      .notNull()
      .references(() => people.id),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('known_devices_person').on(table.personId)],
)
