import { describe, expect, test } from 'vitest'
import { acceptWords, evidenceWords, groupEvidenceWords, shortComparison, summaryWords } from '../../../renderer/features/duplicates/groupWords.ts'
import { listedRules, moveRule, toggleRule } from '../../../renderer/features/duplicates/keeperRuleList.ts'
import { nextOpen } from '../../../renderer/features/duplicates/nextOpen.ts'

describe('what the screen says', () => {
  test('counts are spelled out', () => {
    expect(summaryWords({ groups: 412, images: 1190, wouldDrop: 778 })).toBe('412 groups, 1,190 images, 778 would go')
    expect(acceptWords(212, 418)).toBe('Accept 212 groups: 418 images go')
    expect(acceptWords(1, 1)).toBe('Accept 1 group: 1 image goes')
  })

  test('only what is the same is called the same', () => {
    expect(evidenceWords({ kind: 'exact', similarity: 1, distance: 0 })).toBe('same file')
    expect(evidenceWords({ kind: 'descriptor', similarity: 0.99996, distance: null })).toBe('0.999')
    expect(shortComparison('smaller: 1068×710 against 4272×2838')).toBe('smaller')
    expect(evidenceWords({ kind: 'perceptual', similarity: null, distance: 3 })).toBe('3 bits apart')
  })

  test('what the hash found is told by the hash, not by the low cosine of a mirrored copy', () => {
    const member = { kind: 'perceptual' as const, similarity: 0.14, distance: 2 }
    expect(evidenceWords(member)).toBe('2 bits apart')
    expect(groupEvidenceWords({ kind: 'perceptual', leastToKeeper: 0.14, members: [member, { ...member, distance: 5 }] as never })).toBe('5 bits apart')
    expect(groupEvidenceWords({ kind: 'descriptor', leastToKeeper: 0.9312, members: [member] as never })).toBe('0.931')
  })
})

describe('keeper rules', () => {
  test('move and switch', () => {
    expect(moveRule(['larger', 'older'], 'older', -1)).toEqual(['older', 'larger'])
    expect(moveRule(['larger', 'older'], 'larger', -1)).toEqual(['larger', 'older'])
    expect(toggleRule(['larger'], 'older')).toEqual(['larger', 'older'])
    expect(toggleRule(['larger', 'older'], 'larger')).toEqual(['older'])
    expect(listedRules(['older']).map(({ rule, on }) => (on ? rule : `-${rule}`))).toEqual([
      'older', '-protected', '-labelled', '-larger', '-less-compressed', '-sharper', '-shorter-path'
    ])
  })
})

test('after a decision the next open group comes, then the first open one from the top', () => {
  const open = new Set([1, 4])
  const isOpen = (id: number) => open.has(id)
  expect(nextOpen([1, 2, 3, 4], 1, isOpen)).toBe(3)
  expect(nextOpen([1, 2, 3, 4], 3, isOpen)).toBe(0)
  expect(nextOpen([5, 6], 0, isOpen)).toBe(1)
  expect(nextOpen([], 0, isOpen)).toBe(0)
})
