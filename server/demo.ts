import { openCounty } from '../db/client.ts'
import { complain, say } from './commands/command.ts'
import { explain } from './commands/explain.ts'
import { demoAccountLines, fillDemo } from './commands/seed.ts'
import { readEnvironment } from './config.ts'
import { start } from './main.ts'

/** The whole thing with a made-up county, for trying out: everything it needs is made at the first start. */
async function demo(): Promise<void> {
  const given = readEnvironment()
  const config = {
    ...given,
    PANHUO_COUNTY_NAME: '大英县（演示数据）',
    LOG_LEVEL: given.LOG_LEVEL === 'info' ? 'warn' : given.LOG_LEVEL,
  }
  const address = await start(config, {
    say,
    prepare: async (entry) => {
      const county = openCounty(entry, { max: 2 })
      try {
        const [filled] = await county.transaction({ readOnly: true }, (tx) => tx.execute('select 1 from units limit 1'))
        if (!filled) say('正在生成演示数据…')
        await fillDemo(county, config)
      } finally {
        await county.driver.end({ timeout: 5 })
      }
    },
  })
  for (const line of ['', ...demoAccountLines(config), '', `盘活已启动：${address}   按 Ctrl-C 停止。`]) say(line)
}

try {
  await demo()
} catch (error) {
  const { text, exit } = explain(error)
  complain(text)
  process.exitCode = exit
}
