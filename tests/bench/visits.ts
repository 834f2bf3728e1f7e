import { Agent, get } from 'node:http'

/** Opens one page again and again, some at once, for so many milliseconds; prints how many times it was answered. */
const [url = '', cookie = '', atOnce = '8', milliseconds = '3000'] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: Number(atOnce) })

function visit(): Promise<void> {
  return new Promise((done, failed) => {
    get(url, { agent, headers: { cookie } }, (reply) => {
      if (reply.statusCode !== 200) failed(new Error(`${url} was answered with ${reply.statusCode}`))
      reply.resume().once('end', done)
    }).once('error', failed)
  })
}

let visits = 0
const end = performance.now() + Number(milliseconds)
async function visitor(): Promise<void> {
  while (performance.now() < end) {
    await visit()
    visits += 1
  }
}
await Promise.all(Array.from({ length: Number(atOnce) }, visitor))
agent.destroy()
process.stdout.write(String(visits))
