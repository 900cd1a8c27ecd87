import { expect, test } from 'vitest'
import { cardFingerprint, nearDuplicateOf, parseCard } from '../../../core/models/card.ts'

const valid = {
  id: 'my-model', name: 'My model', file: 'model.onnx', sha256: 'a'.repeat(64), input: { name: 'x', width: 224, height: 224 }, output: { name: 'y', dim: 512 }, licence: 'MIT', source: 'me'
}
const parse = (changes: object = {}): ReturnType<typeof parseCard> => parseCard(JSON.stringify({ ...valid, ...changes }), '/models/card.json')

test('a card says what is left out: RGB, NCHW, float32, squash', () => {
  expect(parse()).toMatchObject({ colour: 'RGB', scale: 1, normalise: true, input: { layout: 'NCHW', dtype: 'float32' }, resize: { mode: 'squash', interpolation: 'bilinear' } })
})

test.each([
  ['not JSON', '{', /card.json is not JSON/],
  ['a missing field', JSON.stringify({ ...valid, licence: undefined }), /field "licence"/],
  ['a wrong hash', JSON.stringify({ ...valid, sha256: 'abc' }), /field "sha256": 64 hexadecimal digits/],
  ['a nested field', JSON.stringify({ ...valid, input: { ...valid.input, width: 4 } }), /field "input.width"/],
  ['an unknown resize mode', JSON.stringify({ ...valid, resize: { mode: 'stretch' } }), /field "resize.mode"/],
  ['a std of zero', JSON.stringify({ ...valid, std: [1, 0, 1] }), /field "std" must not hold a zero/],
  ['a path that leaves the folder', JSON.stringify({ ...valid, file: '../../etc/passwd' }), /field "file" must be the name of a file beside the card/],
  ['uint8 with a mean', JSON.stringify({ ...valid, input: { ...valid.input, dtype: 'uint8' }, mean: [0.5, 0.5, 0.5] }), /uint8 input/],
  ['a floor above the threshold', JSON.stringify({ ...valid, nearDuplicate: { threshold: 0.8, floor: 0.9 } }), /nearDuplicate.floor/],
  ['something else', '[]', /field "\(whole card\)"/]
])('a card with %s is refused with the file and the field', (_name, text, message) => {
  expect(() => parseCard(text, '/models/card.json')).toThrow(message)
  expect(() => parseCard(text, '/models/card.json')).toThrow('/models/card.json')
})

test('the fingerprint changes with everything that changes a vector, and with nothing else', () => {
  const base = cardFingerprint(parse(), 'float32')
  for (const same of [{ name: 'Other' }, { licence: 'GPL' }, { nearDuplicate: { threshold: 0.9, floor: 0.8 } }, { id: 'other' }, { output: { ...valid.output, gemPower: 4 } }]) {
    expect(cardFingerprint(parse(same), 'float32')).toBe(base)
  }
  const others = [
    { sha256: 'b'.repeat(64) }, { scale: 2 }, { mean: [1, 0, 0] }, { colour: 'BGR' }, { normalise: false }, { resize: { interpolation: 'bicubic' } }, { resize: { shrinkOnLoad: false } },
    { output: { ...valid.output, pooling: 'mean' } }, { output: { ...valid.output, pooling: 'gem' } }
  ].map((changes) => cardFingerprint(parse(changes), 'float32'))
  expect(new Set([base, cardFingerprint(parse(), 'float16'), ...others]).size).toBe(others.length + 2)
})

test('a model that nobody calibrated says so', () => {
  expect(nearDuplicateOf(parse()).calibrated).toBe(false)
  expect(nearDuplicateOf(parse({ nearDuplicate: { threshold: 0.9, floor: 0.8 } }))).toEqual({ threshold: 0.9, floor: 0.8, calibrated: true })
})
