import { createReadStream } from 'node:fs'
import { S3Client } from '@aws-sdk/client-s3'
import { S3Driver } from 'flydrive/drivers/s3'
import { StoreDown } from './files.ts'
import type { Shelf } from './shelf.ts'

export type S3Place = {
  endpoint: string
  bucket: string
  region: string
  key: string
  secret: string
  /** Names begin with this, so that counties may share a bucket. */
  prefix: string
}

/** A bucket of any object store that speaks S3. */
export function openS3Shelf({ endpoint, bucket, region, key, secret, prefix }: S3Place): Shelf {
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId: key, secretAccessKey: secret },
    forcePathStyle: true,
    // Stores other than Amazon's do not know the newer checksums; sizes and our own hashes are checked instead.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000 },
  })
  const driver = new S3Driver({ client, bucket, visibility: 'private', supportsACL: false })
  const place = (name: string) => `${prefix}/${name}`

  return {
    async put(name, path, size) {
      // A stream of no bytes would be sent without a length, which object stores refuse.
      if (size === 0) return driver.put(place(name), new Uint8Array()).catch(down)
      const source = createReadStream(path)
      await driver
        .putStream(place(name), source, { contentLength: size, contentType: 'application/octet-stream' })
        .catch(down)
        .finally(() => source.destroy())
      const { contentLength } = await driver.getMetaData(place(name)).catch(down)
      if (contentLength !== size) throw new StoreDown(`the object store kept ${contentLength} of ${size} bytes`)
    },
    putBytes: (name, bytes) => driver.put(place(name), bytes, { contentType: 'application/octet-stream' }).catch(down),
    open: (name) => driver.getStream(place(name)).catch(unlessMissing),
    async stat(name) {
      const found = await driver.getMetaData(place(name)).catch(unlessMissing)
      return found ? { size: found.contentLength, at: found.lastModified } : null
    },
    delete: (name) => driver.delete(place(name)).catch(down),
    async *list(part) {
      const start = part === '' ? `${prefix}/` : `${place(part)}/`
      let token: string | undefined
      do {
        const page = await driver.listAll(start, { recursive: true, ...(token ? { paginationToken: token } : {}) })
        for (const object of page.objects) {
          if (!object.isFile) continue
          const { lastModified } = await object.getMetaData()
          yield { name: object.key.slice(prefix.length + 1), at: lastModified }
        }
        token = page.paginationToken
      } while (token)
    },
    close: () => client.destroy(),
  }
}

function unlessMissing(error: { $metadata?: { httpStatusCode?: number } }): undefined {
  if (error.$metadata?.httpStatusCode !== 404) down(error)
}

function down(cause: unknown): never {
  throw new StoreDown('the object store does not answer as it should', { cause })
}
