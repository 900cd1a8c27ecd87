import { IconEye, IconFingerprint, IconCopy, IconTag } from '@tabler/icons-react'
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { RootPreview } from '../../../core/contract/project.ts'
import { queries } from '../../app/queries.ts'
import { estimateWords } from './intakeForm.ts'
import css from './IntakePage.module.css'

/** The four steps of preparing, with model, device and time. */
export function WhatWillHappen({ preview, labels }: { preview: RootPreview; labels: boolean }) {
  const { data: models } = useQuery(queries.models)
  const standard = models?.find((one) => one.isDefault)?.card.name
  const model = preview.estimate?.model ?? standard ?? 'the default model'
  const device = preview.estimate?.provider
  return (
    <section className={css.box}>
      <h2>What will happen</h2>
      <ol className={css.steps}>
        <li><IconEye size={16} /><span><b>Read</b> every image once: size, hashes, quality, thumbnail</span></li>
        <li><IconFingerprint size={16} /><span><b>Describe</b> it with {model}{device ? ` on ${device}` : ''}</span></li>
        <li><IconCopy size={16} /><span><b>Find</b> exact, edited and near-duplicates</span></li>
        <li><IconTag size={16} /><span><b>Propose</b> classes {labels ? 'for what has none' : 'once some images have a class'}</span></li>
      </ol>
      <div className={css.big}>{preview.estimate ? estimateWords(preview.estimate.seconds) : 'time unknown'}</div>
      <Text c="dimmed">{preview.estimate ? 'An estimate for this machine. ' : 'The model has not been measured on this machine yet. '}Pictures appear as they are read, and you can look and decide meanwhile. It goes on where it stopped if you close Winnow.</Text>
    </section>
  )
}
