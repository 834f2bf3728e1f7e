/** The colour of a usage's badge. */
export const usageTones: Record<string, string> = {
  in_use: 'success',
  leased: 'info',
  lent: 'info',
  invested: 'info',
  idle: 'warning',
  awaiting_disposal: 'danger',
  awaiting_write_off: 'danger',
  disposed: 'neutral',
}
