import { join } from 'node:path'
import type { Config } from './config.ts'
import { openFileStore } from './records/file-store.ts'
import type { FileStore } from './records/files.ts'

/** The files of the configured county: in the data folder, or in its part of a bucket. */
export function fileStoreOf(config: Config): FileStore {
  const { FILES_S3_ENDPOINT: endpoint, FILES_S3_BUCKET: bucket, FILES_S3_KEY: key, FILES_S3_SECRET: secret } = config
  const folder = join(config.PANHUO_DATA, 'files')
  if (!endpoint || !bucket || !key || !secret) return openFileStore(folder)
  return openFileStore(folder, {
    endpoint,
    bucket,
    key,
    secret,
    region: config.FILES_S3_REGION,
    prefix: config.PANHUO_COUNTY,
  })
}
