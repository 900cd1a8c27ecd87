import { Checkbox, Text, Tooltip } from '@mantine/core'
import { IconGripVertical } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import type { KeeperRule } from '../../../core/contract/duplicates.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { ruleWords } from './groupWords.ts'
import { listedRules, moveRule, toggleRule } from './keeperRuleList.ts'
import css from './SettingsPanel.module.css'

interface Props {
  readonly rules: readonly KeeperRule[]
  readonly onChange: (rules: KeeperRule[]) => void
}

/** The rules that choose which image of a group stays; the first one that tells two images apart decides. Dragged, or moved with Alt and the arrows. */
export function KeeperRules({ rules, onChange }: Props) {
  const [dragged, setDragged] = useState<KeeperRule | null>(null)
  const [over, setOver] = useState<KeeperRule | null>(null)
  const drop = (onto: KeeperRule): void => {
    if (dragged !== null && rules.includes(onto)) onChange(moveRule(rules, dragged, rules.indexOf(onto) - rules.indexOf(dragged)))
    setDragged(null)
    setOver(null)
  }
  return (
    <section className={css.section}>
      <h3>Which one stays</h3>
      <ol className={css.rules}>
        {listedRules(rules).map(({ rule, on }, index) => (
          <li
            key={rule} className={css.rule} data-off={!on || undefined} data-over={(over === rule && dragged !== rule) || undefined} draggable={on}
            onDragStart={() => setDragged(rule)} onDragOver={(event) => { event.preventDefault(); setOver(rule) }} onDragEnd={() => { setDragged(null); setOver(null) }} onDrop={() => drop(rule)}
            onKeyDown={(event) => moveByKey(event, rules, rule, onChange)}
          >
            <span className={css.place}>{on ? index + 1 : ''}</span>
            <Checkbox checked={on} onChange={() => onChange(toggleRule(rules, rule))} aria-label={ruleWords[rule].name} aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown" size="xs" />
            <Tooltip label={ruleWords[rule].hint} position="right"><span className={css.name}>{ruleWords[rule].name}</span></Tooltip>
            {on && <span className={css.grip}><IconGripVertical size={14} aria-hidden /></span>}
          </li>
        ))}
      </ol>
      <Text size="xs" c="dimmed">The first rule that tells two images apart decides. Move with <Kbd keys="Alt+Up" /> <Kbd keys="Alt+Down" />.</Text>
    </section>
  )
}

function moveByKey(event: KeyboardEvent, rules: readonly KeeperRule[], rule: KeeperRule, onChange: (rules: KeeperRule[]) => void): void {
  if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
  event.preventDefault()
  event.stopPropagation()
  onChange(moveRule(rules, rule, event.key === 'ArrowUp' ? -1 : 1))
}
