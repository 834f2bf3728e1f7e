export const clockSentences: Record<string, string> = {
  'calendar.enter': '录入放假安排',
  'calendar.remove': '删除放假安排',
  'deadline.extend': '延长时限',
  'decision.record': '代录决定',
  'decision.correct': '更正代录的文字',
  'deadline.reckon': '放假安排变动，重新推算时限',
}
