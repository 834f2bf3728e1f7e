import { type Command, complain, say } from './commands/command.ts'
import { explain } from './commands/explain.ts'
import { readEnvironment } from './config.ts'

/** Every command of `bin/panhuo`, in the order of the help; each is loaded only when it is called. */
const commands: Record<string, Command> = {
  serve: { usage: ['serve'], about: '启动服务', load: () => import('./commands/serve.ts') },
  migrate: { usage: ['migrate'], about: '建立或更新数据库', load: () => import('./commands/migrate.ts') },
  seed: {
    usage: ['seed county --divisions 区划表 [--unit 第一个单位的名称] [--since 日期]', 'seed demo'],
    about: '建账：录入本县的行政区划并设立第一个单位；或在空库中写入演示数据',
    load: () => import('./commands/seed.ts'),
  },
  inspect: {
    usage: ['inspect 文件 [--rows 行数] [--json]'],
    about: '看看文件里有什么',
    load: () => import('./commands/inspect.ts'),
  },
  import: {
    usage: [
      'import 文件 --unit 单位 --track state|collective [--worksheet 工作表] [--date 数据日期]',
      '       [--as 账号] [--mode all|good] [--dry-run] [--json]',
    ],
    about: '把表格导入资产台账',
    load: () => import('./commands/import.ts'),
  },
  account: {
    usage: [
      'account add 账号 --name 姓名 --unit 单位 --role 角色 [--track state|collective|both]',
      'account reset 账号',
    ],
    about: '建立账号，或为账号重新生成开通码',
    load: () => import('./commands/account.ts'),
  },
  export: {
    usage: [
      'export 表名 --unit 单位 [--track state|collective] [--as-of 日期] [--as 账号] --out 文件.xlsx',
      'export changes|stock --unit 单位 --since 日期 [--as-of 日期] [--track …] [--as 账号] --out 文件.xlsx',
      'export count-sheet|count-detail|gains|… --document 编号 [--as 账号] --out 文件.xlsx',
    ],
    about:
      '导出官方表格：register 台账、statistics 清理统计表、village-status 村资产现状表、cards 单位资产卡片、template 空白表；' +
      '比较两天的有 changes 增减变动表、stock 存量情况表；按清查编号导出的有 count-sheet 盘点单、' +
      'count-detail 清查明细表、gains 盘盈、losses 盘亏、uncounted 未盘、matched 无盈亏、count-summary 汇总表、' +
      'statistics 清理统计表、additions 新增资产、resources 资源性资产',
    load: () => import('./commands/export.ts'),
  },
  verify: {
    usage: ['verify [--files] [--json]'],
    about: '核对全部数据是否自洽；--files 逐个通读上传的文件',
    load: () => import('./commands/verify.ts'),
  },
  sweep: {
    usage: ['sweep [--dry-run]'],
    about: '清除保管期满的材料、没有登记的文件和过期的表单记录',
    load: () => import('./commands/sweep.ts'),
  },
}

const [name, ...args] = process.argv.slice(2)
process.exitCode = await main(name, args)

async function main(called: string | undefined, given: readonly string[]): Promise<number> {
  if (called === '--help' || called === '-h' || called === 'help') {
    for (const line of usage(commands)) say(line)
    return 0
  }
  const command = called !== undefined && Object.hasOwn(commands, called) ? commands[called] : undefined
  if (!command) {
    complain(called === undefined ? '请写明要做什么。' : `没有“${called}”这个命令。`)
    for (const line of usage(commands)) complain(line)
    return 2
  }
  if (given.includes('--help') || given.includes('-h')) {
    for (const line of usage({ [String(called)]: command })) say(line)
    return 0
  }
  try {
    const { run } = await command.load()
    return (await run(given, readEnvironment())) ?? 0
  } catch (error) {
    const { text, exit } = explain(error)
    complain(text)
    return exit
  }
}

function usage(shown: Record<string, Command>): string[] {
  return [
    '用法：',
    ...Object.values(shown).flatMap(({ usage: lines, about }) => [
      // A line that begins with a blank goes on with the one above.
      ...lines.map((line) => (line.startsWith(' ') ? `             ${line}` : `  bin/panhuo ${line}`)),
      `      ${about}`,
    ]),
    '单位写编码，或 12 位区划代码（镇政府或村委会）；配置项见 .env.example。',
  ]
}
