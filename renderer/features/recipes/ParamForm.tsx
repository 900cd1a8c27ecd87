import { Text } from '@mantine/core'
import { useMemo } from 'react'
import type { StepType } from '../../../core/contract/recipes.ts'
import { InspectorSection } from '../../components/Inspector.tsx'
import { Calibrate } from './Calibrate.tsx'
import { ParamInput } from './ParamInput.tsx'
import { setParams } from './recipesStore.ts'
import { sameValue } from './rules/options.ts'
import { type ParamField, paramFields } from './rules/paramFields.ts'
import { recipeStepOf, type ShownStep } from './rules/shownSteps.ts'
import type { RecipeView } from './useRecipe.ts'
import css from './StepInspector.module.css'

/** The parameters of a step, to be set otherwise; what the options above the steps decide is only shown. */
export function ParamForm({ view, step, type }: { view: RecipeView; step: ShownStep; type: StepType }) {
  const fields = useMemo(() => paramFields(type.params), [type])
  const own = view.body.steps.find(({ id }) => id === recipeStepOf(step.step))
  if (fields.length === 0) return null
  return (
    <InspectorSection title="Parameters">
      {step.cheap && view.run?.state === 'done' && <Text size="xs" c="dimmed" mb={6}>Quick: what changes here is tried at once.</Text>}
      <div className={css.fields} data-params>
        {fields.map((field) => <Param key={field.name} field={field} view={view} step={step} written={own?.with[field.name]} foundWith={own?.foundWith[field.name]} />)}
      </div>
    </InspectorSection>
  )
}

interface ParamProps {
  readonly field: ParamField
  readonly view: RecipeView
  readonly step: ShownStep
  /** As it stands in the recipe. */
  readonly written: unknown
  readonly foundWith: string | undefined
}

function Param({ field, view, step, written, foundWith }: ParamProps) {
  const place = `${recipeStepOf(step.step)}.${field.name}`
  const option = typeof written === 'string' && written.startsWith('$') ? written.slice(1) : null
  const isSet = Object.hasOwn(view.set, place)
  const value = isSet ? view.set[place] : step.params[field.name]
  const before = view.run?.steps.find((one) => one.step === step.step)?.params[field.name]
  const ranOtherwise = view.run?.state === 'done' && view.run.steps.some((one) => one.step === step.step) && !sameValue(value ?? null, before ?? null)
  const warning = ((view.plan?.steps.length ? view.plan : view.run)?.uncalibrated ?? []).find((one) => one.step === step.step && one.param === field.name)
  const change = (next: unknown): void => {
    const { [place]: _, ...rest } = view.set
    setParams(view.name, next === undefined ? rest : { ...rest, [place]: next })
  }
  const by = option === null ? null : option === 'each' ? 'one of the models above' : `“${view.body.options[option]?.title ?? option}” above`
  return (
    <div className={css.field} data-changed={isSet || ranOtherwise || undefined} data-uncalibrated={warning !== undefined || undefined}>
      <ParamInput field={field} value={value} onChange={change} setBy={by} disabled={view.goesOn} before={ranOtherwise ? { value: before } : null} />
      {warning && <p className={css.warning}>Uncalibrated: {String(warning.value)} was found with {warning.foundWith}; here it runs with {warning.runsWith.join(', ')}, where it means nothing by itself.</p>}
      {(warning || foundWith !== undefined) && field.control === 'number' && <Calibrate view={view} step={recipeStepOf(step.step)} param={field.name} onTry={change} />}
    </div>
  )
}
