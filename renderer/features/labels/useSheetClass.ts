import { useEffect } from 'react'
import { useClasses } from '../../app/queries.ts'
import { changeQueue, useLabels } from './labelsStore.ts'

/** The class of the contact sheet, and the ways to the next one that has predictions. */
export function useSheetClass(): { className: string; next: () => void; previous: () => void } {
  const { data: classes } = useClasses()
  const classId = useLabels((now) => now.sheetClassId)
  const predicted = (classes ?? []).filter((one) => one.predicted > 0 || one.id === classId)
  const first = predicted[0]?.id
  useEffect(() => {
    if (classId === null && first !== undefined) changeQueue({ sheetClassId: first })
  }, [classId, first])
  const step = (by: number): void => {
    const at = predicted.findIndex((one) => one.id === classId)
    const to = predicted[(at + by + predicted.length) % Math.max(1, predicted.length)]
    if (to) changeQueue({ sheetClassId: to.id })
  }
  return { className: predicted.find((one) => one.id === classId)?.name ?? '', next: () => step(1), previous: () => step(-1) }
}
