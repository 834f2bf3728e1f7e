import { expect, test } from 'vitest'
import { BadFrame, Unpacker } from '../../imports/reading/frames.ts'

test.for([
  ['no JSON', '{"kind":"row"'],
  ['nothing', 'null'],
  ['no known kind', '{"kind":"query","sql":"drop"}'],
  ['a row without cells', '{"kind":"row","row":1}'],
  ['a row whose cells are no texts', '{"kind":"row","row":1,"cells":{"A":{"toString":1}}}'],
  ['a row without a number', '{"kind":"row","row":"1","cells":{"A":"村部"}}'],
  ['a worksheet without a name', '{"kind":"sheet","index":0,"hidden":false,"merges":[]}'],
  ['a refusal without a sentence', '{"kind":"refused"}'],
  ['packed rows without a number', '\u001dx\u001f\n村部'],
  ['packed rows without an end of their head', '\u001d1\u001f'],
] as const)('%s from the reading process is not believed', ([, frame]) => {
  expect(() => new Unpacker().events(frame)).toThrow(BadFrame)
})

test('rows of all frames of a worksheet count towards its bound', () => {
  const unpacker = new Unpacker()
  const thousand = `\u001d1\u001f\n${'村部\n'.repeat(1000)}`
  for (let sent = 0; sent < 1000; sent++) unpacker.events(thousand)
  expect(() => unpacker.events('{"kind":"row","row":1,"cells":{"A":"村部"}}')).toThrow('1000000 行')
  unpacker.events('{"kind":"sheet","index":1,"name":"二","hidden":false,"merges":[]}')
  expect(unpacker.events('{"kind":"row","row":1,"cells":{"A":"村部"}}')).toHaveLength(1)
})
