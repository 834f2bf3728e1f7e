/** What an event of settings says; which one it was stands in its detail. */
export const settingSentences = {
  'policy.set': '修改了策略',
  'settings.set': '修改了参数',
} as const satisfies Record<string, string>
