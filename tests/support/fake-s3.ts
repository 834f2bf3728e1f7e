import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { S3Place } from '../../server/records/s3-shelf.ts'

export type FakeS3 = {
  place: S3Place
  objects: Map<string, { bytes: Buffer; at: Date }>
  /** Answers every request with this status until it is undefined again. */
  broken: { status?: number | undefined }
  close(): Promise<void>
}

/** Just enough of an object store for the requests the client sends: one bucket, two names per page of a listing. */
export async function openFakeS3(): Promise<FakeS3> {
  const objects: FakeS3['objects'] = new Map()
  const broken: FakeS3['broken'] = {}
  const server = createServer((request, response) => {
    answer(request, response, objects, broken).catch(() => response.writeHead(500).end())
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    objects,
    broken,
    place: {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'papers',
      region: 'us-east-1',
      key: 'panhuo',
      secret: 'not a secret',
      prefix: '510923',
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  objects: FakeS3['objects'],
  { status }: FakeS3['broken'],
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://s3')
  const body: Buffer[] = []
  for await (const part of request) body.push(part as Buffer)
  const signed = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=panhuo/')
  if (status !== undefined || !signed) return refuse(response, status ?? 403, 'AccessDenied')
  const [, bucket, ...rest] = decodeURIComponent(url.pathname).split('/')
  const key = rest.join('/')
  if (bucket !== 'papers') return refuse(response, 404, 'NoSuchBucket')
  if (key === '') return list(response, url, objects)
  const found = objects.get(key)
  if (request.method === 'PUT') {
    if (request.headers['content-length'] === undefined) return refuse(response, 411, 'MissingContentLength')
    objects.set(key, { bytes: Buffer.concat(body), at: new Date() })
    response.writeHead(200, { etag: '"1"' }).end()
  } else if (request.method === 'DELETE') {
    objects.delete(key)
    response.writeHead(204).end()
  } else if (!found) refuse(response, 404, 'NoSuchKey')
  else {
    const head = { 'content-length': found.bytes.length, 'last-modified': found.at.toUTCString(), etag: '"1"' }
    response.writeHead(200, head).end(request.method === 'HEAD' ? undefined : found.bytes)
  }
}

function list(response: ServerResponse, url: URL, objects: FakeS3['objects']): void {
  const prefix = url.searchParams.get('prefix') ?? ''
  const after = url.searchParams.get('continuation-token') ?? ''
  const names = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
  const page = names.slice(0, 2)
  const contents = page.map((key) => {
    const { bytes, at } = objects.get(key) ?? { bytes: Buffer.alloc(0), at: new Date() }
    return `<Contents><Key>${key}</Key><LastModified>${at.toISOString()}</LastModified><ETag>"1"</ETag><Size>${bytes.length}</Size></Contents>`
  })
  const more = names.length > page.length
  const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
  response
    .writeHead(200, { 'content-type': 'application/xml' })
    .end(
      `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>papers</Name><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
    )
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}
