import type { KeeperRule } from '../../../core/contract/duplicates.ts'
import { allRules } from './groupWords.ts'

/** All rules for the list on the screen: those in use in their order, then the others in their usual order. */
export function listedRules(inUse: readonly KeeperRule[]): { rule: KeeperRule; on: boolean }[] {
  return [...inUse.map((rule) => ({ rule, on: true })), ...allRules.filter((rule) => !inUse.includes(rule)).map((rule) => ({ rule, on: false }))]
}

/** The rule moved by `step` places (negative is earlier); the list itself when it cannot move. */
export function moveRule(inUse: readonly KeeperRule[], rule: KeeperRule, step: number): KeeperRule[] {
  const from = inUse.indexOf(rule)
  const to = from + step
  if (from < 0 || to < 0 || to >= inUse.length) return [...inUse]
  const out = inUse.filter((other) => other !== rule)
  out.splice(to, 0, rule)
  return out
}

/** Switched on it comes last: a new rule only decides what the others left open. */
export function toggleRule(inUse: readonly KeeperRule[], rule: KeeperRule): KeeperRule[] {
  return inUse.includes(rule) ? inUse.filter((other) => other !== rule) : [...inUse, rule]
}
