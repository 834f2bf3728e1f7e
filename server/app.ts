import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify'
import type { CountyEntry } from '../db/client.ts'
import { activation } from './access/activation-routes.ts'
import { health } from './access/health.ts'
import { importCodes } from './access/import-codes.ts'
import { password } from './access/password.ts'
import { peopleChanges } from './access/people-changes.ts'
import { peoplePages } from './access/people-routes.ts'
import { signIn } from './access/sign-in.ts'
import { unitLifePages } from './access/unit-life-routes.ts'
import { unitPages } from './access/unit-routes.ts'
import { bulkEditing } from './assets/bulk-routes.ts'
import { changesPages } from './assets/changes-routes.ts'
import { columnPages } from './assets/column-routes.ts'
import { duplicates } from './assets/duplicate-routes.ts'
import { assetsExport } from './assets/export.ts'
import { labels } from './assets/label-routes.ts'
import { registerList } from './assets/list-routes.ts'
import { cardParts } from './assets/parts-routes.ts'
import { assets } from './assets/routes.ts'
import { splits } from './assets/split-routes.ts'
import { viewedRegister } from './assets/viewed.ts'
import { audit } from './audit/routes.ts'
import { claimsExport } from './claims/export.ts'
import { claimPages } from './claims/routes.ts'
import { type Config, isSecure } from './config.ts'
import { determinationClocks } from './determinations/clock-routes.ts'
import { determinationsOfCard, determinationsWaiting } from './determinations/queries.ts'
import { keepWording } from './determinations/recorded.ts'
import { recordedDeterminations } from './determinations/recorded-routes.ts'
import { determinations } from './determinations/routes.ts'
import { fileStoreOf } from './file-store.ts'
import { importPlacings, importTargets } from './import-targets.ts'
import { bulkEdits } from './imports/bulk-edits.ts'
import { mapping } from './imports/mapping-routes.ts'
import { mappings } from './imports/mappings-routes.ts'
import { batches } from './imports/routes.ts'
import { undos } from './imports/undo-routes.ts'
import { uploads } from './imports/upload-routes.ts'
import { baselinePages } from './inventory/baseline/routes.ts'
import { callAdding } from './inventory/calls/adding-routes.ts'
import { countExtending } from './inventory/calls/extending-routes.ts'
import { calls } from './inventory/calls/routes.ts'
import { callPages } from './inventory/calls/show-routes.ts'
import { countClaims } from './inventory/claims/routes.ts'
import { compilationFiling } from './inventory/compilations/filing-routes.ts'
import { compilationPages } from './inventory/compilations/routes.ts'
import { inventoryOfCard } from './inventory/counts/card-ports.ts'
import { countConfirming } from './inventory/counts/confirming-routes.ts'
import { countReturns } from './inventory/counts/return-routes.ts'
import { counts } from './inventory/counts/routes.ts'
import { countLines } from './inventory/lines/routes.ts'
import { countedSheets } from './inventory/sheets/routes.ts'
import { inventoryWaiting } from './inventory/waiting.ts'
import { waitingPages } from './inventory/waiting-routes.ts'
import { openJobs } from './jobs.ts'
import { openJobsApart } from './jobs-apart.ts'
import { type Clock, systemClock } from './kernel/clock.ts'
import { navigation } from './navigation.ts'
import { countedStock } from './overview/counted-stock.ts'
import { workbench } from './overview/routes.ts'
import { cardLists } from './overview/sheet-routes.ts'
import { statistics } from './overview/statistics.ts'
import { stockPages } from './overview/stock-routes.ts'
import counties from './plugins/counties.ts'
import declaredAccess from './plugins/declared-access.ts'
import errorPages from './plugins/error-pages.ts'
import jobs from './plugins/jobs.ts'
import originCheck from './plugins/origin-check.ts'
import pages from './plugins/pages.ts'
import securityHeaders from './plugins/security-headers.ts'
import session from './plugins/session.ts'
import staticFiles from './plugins/static-files.ts'
import unitOfWork from './plugins/unit-of-work.ts'
import { calendarPages, calendarWaiting } from './records/calendar-routes.ts'
import { decisionPages } from './records/decision-routes.ts'
import { noticesWaiting } from './records/notice-queries.ts'
import { notices } from './records/notice-routes.ts'
import { paperPanel } from './records/paper-queries.ts'
import { publicNotices } from './records/public-notice-routes.ts'
import { resolutionPages } from './records/resolution-routes.ts'
import { papers } from './records/routes.ts'
import { restrictionsOfCard } from './restrictions/queries.ts'
import { restrictions } from './restrictions/routes.ts'
import { fieldLabels, sentences } from './sentences.ts'
import { countySettings, policies } from './settings/pages.ts'
import { settingPages } from './settings/routes.ts'
import { viewPanel } from './views/panel.ts'
import { views } from './views/routes.ts'

export type AppOptions = {
  config: Config
  counties: readonly CountyEntry[]
  clock?: Clock
  /** Where long work is done: beside the pages, in a thread of its own, or by another process. */
  jobs?: 'here' | 'thread' | 'none'
  /** Milliseconds that a form waits for its job before it shows a progress bar instead. */
  patience?: number
  logger?: FastifyServerOptions['logger']
}

/** Puts the application together; the order of the lines is the order of a request. */
export async function buildApp({
  config,
  counties: entries,
  clock = systemClock,
  jobs: where = 'here',
  patience = 3000,
  logger = false,
}: AppOptions): Promise<FastifyInstance> {
  const secure = isSecure(config)
  const app = fastify({
    logger,
    trustProxy: config.TRUST_PROXY ?? false,
    bodyLimit: 1_048_576,
    requestTimeout: 120_000,
    // An old office PC, or one whose guard looks through every file that is opened, takes its time to start.
    pluginTimeout: 60_000,
    connectionTimeout: 0,
    keepAliveTimeout: 20_000,
    genReqId: () => crypto.randomUUID().slice(0, 8),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 100 },
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
  })
  app.removeContentTypeParser(['text/plain', 'application/json'])

  await app.register(counties, { entries })
  await app.register(securityHeaders, { secure })
  await app.register(originCheck, { publicOrigin: config.PUBLIC_ORIGIN })
  await app.register(session, {
    clock,
    secure,
    limits: { idleMinutes: config.SESSION_IDLE_MINUTES, hours: config.SESSION_HOURS },
  })
  await app.register(declaredAccess)
  await app.register(pages, { countyName: config.PANHUO_COUNTY_NAME, navigation })
  await app.register(errorPages)
  await app.register(unitOfWork)
  await app.register(rateLimit, { global: false })
  await app.register(formbody)
  await app.register(multipart, { limits: { fileSize: 100 * 1024 * 1024, files: 1, fields: 30, fieldSize: 10_000 } })

  const store = fileStoreOf(config)
  app.addHook('onClose', () => store.close())
  const trouble = (error: unknown) => app.log.error({ err: error }, 'a job is in trouble')
  await app.register(jobs, {
    patience,
    open: () => {
      if (where === 'none') return null
      if (where === 'thread') return openJobsApart({ config, entries }, trouble)
      return openJobs({ config, counties: app.counties, clock, store, trouble })
    },
  })

  await app.register(staticFiles)
  await app.register(health)
  await app.register(signIn)
  await app.register(registerList, { viewPanel })
  await app.register(columnPages)
  await app.register(assets, {
    county: config.PANHUO_COUNTY,
    sentences,
    panels: [determinationsOfCard, restrictionsOfCard, inventoryOfCard],
    paperPanel,
  })
  await app.register(cardParts)
  await app.register(duplicates)
  await app.register(splits, { county: config.PANHUO_COUNTY })
  await app.register(assetsExport)
  await app.register(labels, { origin: config.PUBLIC_ORIGIN ?? null })
  await app.register(changesPages, { sentences })
  await app.register(statistics)
  await app.register(stockPages)
  await app.register(cardLists)
  const others = { stock: countedStock }
  await app.register(countedSheets, { others })
  await app.register(determinations, { sentences, subscribers: [] })
  await app.register(determinationClocks)
  await app.register(recordedDeterminations, { subscribers: [] })
  await app.register(decisionPages, { corrected: [keepWording] })
  await app.register(restrictions, { sentences, subscribers: [] })
  await app.register(claimPages, { sentences })
  await app.register(claimsExport)
  await app.register(calls)
  const county = config.PANHUO_COUNTY
  await app.register(waitingPages)
  await app.register(callAdding)
  await app.register(countExtending)
  await app.register(callPages, { sentences, subscribers: [], others })
  await app.register(compilationPages, { county, sentences, subscribers: [], others })
  await app.register(compilationFiling, { county, subscribers: [] })
  await app.register(counts, { sentences, subscribers: [], others })
  await app.register(countReturns, { subscribers: [] })
  await app.register(countConfirming, { subscribers: [] })
  await app.register(countLines, { sentences })
  await app.register(countClaims)
  const imports = { store, sentences, targets: importTargets(config), placings: importPlacings }
  await app.register(baselinePages)
  await app.register(uploads, imports)
  await app.register(bulkEditing, { edits: bulkEdits(app, imports) })
  await app.register(batches, imports)
  await app.register(undos, imports)
  await app.register(mapping, imports)
  await app.register(mappings, imports)
  await app.register(papers, { store, sentences })
  await app.register(notices, { sentences })
  await app.register(publicNotices)
  await app.register(resolutionPages, { sentences })
  await app.register(password)
  await app.register(activation)
  await app.register(unitPages)
  await app.register(unitLifePages)
  await app.register(peoplePages)
  await app.register(peopleChanges, { origin: config.PUBLIC_ORIGIN ?? null })
  await app.register(importCodes, { origin: config.PUBLIC_ORIGIN ?? null })
  await app.register(settingPages, policies(app.sessionLimits))
  await app.register(settingPages, countySettings)
  await app.register(audit, { sentences, fields: fieldLabels })
  await app.register(views, { lists: [viewedRegister] })
  await app.register(calendarPages)
  await app.register(workbench, {
    waiting: [determinationsWaiting, inventoryWaiting, noticesWaiting, calendarWaiting],
  })
  return app
}
