import { ActionIcon, Button, Popover, Text, TextInput } from '@mantine/core'
import { IconMinus, IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { errorText } from '../../app/errorText.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { changeTrial, useClean } from './cleanStore.ts'
import { readAxis, type Trial, trialOf } from './gridRules.ts'
import type { Sweep } from './useSweep.ts'
import css from './SweepSettings.module.css'

export const mostLeastImages = 1000

/** Other parameters of the sweep, tried at once: nothing is matched again. */
export function SweepSettings({ sweep: { base, grid, trial }, trying }: { sweep: Sweep; trying: { busy: boolean; needs: readonly string[]; error: unknown } }) {
  const least = trial?.leastImages ?? base.leastImages
  const change = (to: number): void => changeTrial(trialOf(base, { ...trial, leastImages: Math.max(1, Math.min(mostLeastImages, to)) }))
  const open = useClean((now) => now.editing)
  const setOpen = (editing: boolean): void => useClean.setState({ editing })
  return (
    <section className={css.frame}>
      <div className={css.row}>
        <span id="least-images">A class stays with</span>
        <ActionIcon size={22} variant="default" aria-label="A class needs one clean image less" disabled={least <= 1} onClick={() => change(least - 1)}><IconMinus size={12} /></ActionIcon>
        <b className={css.least} aria-labelledby="least-images">{least}</b>
        <ActionIcon size={22} variant="default" aria-label="A class needs one clean image more" disabled={least >= mostLeastImages} onClick={() => change(least + 1)}><IconPlus size={12} /></ActionIcon>
        <span>clean {least === 1 ? 'image' : 'images'} <Kbd keys="[" /> <Kbd keys="]" /></span>
        <span className={css.push} />
        <Popover opened={open} onChange={setOpen} position="bottom-end" width={360} trapFocus>
          <Popover.Target><Button size="compact-xs" variant="default" rightSection={<Kbd keys="T" />} onClick={() => setOpen(!open)}>Other thresholds…</Button></Popover.Target>
          <Popover.Dropdown>{open && <AxesForm key={grid.resultId} sweep={{ base, grid, trial }} onDone={() => setOpen(false)} />}</Popover.Dropdown>
        </Popover>
      </div>
      <p className={css.note} aria-live="polite">
        {trial && <><button type="button" className={css.link} onClick={() => changeTrial(null)}>As in the run</button>{' '}</>}
        {trying.error != null ? <span className={css.bad}>{errorText(trying.error)}</span>
          : trying.needs.length > 0 ? <span className={css.bad}>This needs steps that take long and are not kept any more ({trying.needs.join(', ')}). Run the recipe again first.</span>
            : trial ? (trying.busy ? 'Counting again…' : `A trial of ${tried(trial, base)}; nothing was matched again.`) : ''}
      </p>
    </section>
  )
}

/** What a trial has that the run did not, in words. */
const tried = (trial: Trial, base: Sweep['base']): string => [
  trial.leastImages === undefined ? null : `${trial.leastImages} instead of ${base.leastImages}`,
  trial.values || trial.frequencies ? 'other thresholds' : null
].filter((part) => part !== null).join(' and ')

function AxesForm({ sweep: { base, grid, trial }, onDone }: { sweep: Pick<Sweep, 'base' | 'grid' | 'trial'>; onDone: () => void }) {
  const [v, setV] = useState(grid.values.join(', '))
  const [f, setF] = useState(grid.frequencies.join(', '))
  const [values, frequencies] = [readAxis(v, 'v', base.evidence), readAxis(f, 'f', base.evidence)]
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if ('problem' in values || 'problem' in frequencies) return
    changeTrial(trialOf(base, { ...trial, values: values.values, frequencies: frequencies.values }))
    useClean.setState({ zone: 'grid' })
    onDone()
  }
  return (
    <form onSubmit={submit} className={css.form}>
      <TextInput data-autofocus label={base.evidence === 'inliers' ? 'Least inliers of a pair (v)' : 'Worst rank of a pair (v)'} value={v} onChange={(event) => setV(event.currentTarget.value)} error={'problem' in values ? values.problem : null} spellCheck={false} />
      <TextInput label="Pairs that an image needs (f)" value={f} onChange={(event) => setF(event.currentTarget.value)} error={'problem' in frequencies ? frequencies.problem : null} spellCheck={false} />
      <Text size="xs" c="dimmed">With commas between them, in any order. The pairs are counted again; nothing is matched again.</Text>
      <div className={css.buttons}><Button variant="default" onClick={onDone}>Cancel</Button><Button type="submit" disabled={'problem' in values || 'problem' in frequencies}>Count again</Button></div>
    </form>
  )
}

