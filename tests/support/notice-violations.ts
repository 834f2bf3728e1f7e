const notice = (state: string, endsOn: string) => `insert into public_notices
  (no, state, title, body, unit_id, unit_name, track, columns, days, starts_on, ends_on, place, contact, party_keys, created_at, updated_at)
  select 'GS2026-0009', '${state}', '公示', '公示', unit_id, name, 'collective', '[]', 7, '2026-01-05', '${endsOn}', '栏', '会计', '{1}', now(), now()
  from unit_periods limit 1`

const ended = notice('ended', '2026-01-12')
const ofIt = `(select id from public_notices)`
const row = (no: number) => `insert into public_notice_rows (notice_id, no, cells) values (${ofIt}, ${no}, '{}')`

const resolution = (inFavour: number, matter: string, rule: string) => `insert into resolutions
  (no, body_kind, unit_id, track, matter, called_on, held_on, members, present, in_favour, against, abstained, passed, rule, recorded_at, party_keys)
  select 'JY2026-0009', 'villagers', unit_id, 'collective', '${matter}', null, '2026-01-05', 90, 60, ${inFavour}, 0, 0, true, '${rule}', now(), '{1}'
  from unit_periods limit 1`

/** What may not be found of notices, objections and resolutions. */
export const noticeViolations: readonly (readonly [name: string, shown: string, ...statements: string[]])[] = [
  ['已办结的公示都已期满，异议都已答复', 'GS2026-0009：2026-12-31', notice('ended', '2026-12-31')],
  [
    '已办结的公示都已期满，异议都已答复',
    'GS2026-0009：2026-01-12，未答复 1',
    ended,
    `insert into objections (notice_id, name, text, via, received_at) values (${ofIt}, '李', '不对', 'page', now())`,
  ],
  ['公示的各行都属于现有的公示，序号连续', 'GS2026-0009：1 行，最大序号 2', ended, row(2)],
  ['公示的各行都属于现有的公示，序号连续', '没有公示：1 行', ended, row(1), `delete from public_notices`],
  ['公示中的公示各有一个时限在走', 'GS2026-0009：0 个', notice('posted', '2026-12-31')],
  ['流水号不落后于已用的号码', 'GS2026：已用到 9', ended],
  ['流水号不落后于已用的号码', 'JY2026：已用到 9', resolution(60, 'count_confirmation', '')],
  ['决议是否通过与当日的人数规则相符', 'JY2026-0009：通过', resolution(30, 'count_confirmation', '')],
]
