import { IconEye, IconFingerprint, IconCopy, IconTag } from '@tabler/icons-react'
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ModelInfo } from '../../../core/contract/models.ts'
import type { RootPreview } from '../../../core/contract/project.ts'
import { client } from '../../app/client.ts'
import { queries, queryClient } from '../../app/queries.ts'
import { estimateWords } from './intakeForm.ts'
import css from './IntakePage.module.css'

/** The four steps of preparing, with model, device and time. */
export function WhatWillHappen({ preview, labels }: { preview: RootPreview; labels: boolean }) {
  const { data: models } = useQuery(queries.models)
  const standard = models?.find((one) => one.isDefault)
  const measuring = useFirstMeasure(standard)
  const model = preview.estimate?.model ?? standard?.card.name ?? 'the default model'
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
      <div className={css.big}>{preview.estimate ? estimateWords(preview.estimate.seconds) : measuring ? 'measuring…' : 'time unknown'}</div>
      <Text c="dimmed">{preview.estimate ? 'An estimate for this machine. ' : measuring ? 'The model is being tried on this machine. ' : 'The model could not be measured on this machine. '}Pictures appear as they are read, and you can look and decide meanwhile. It goes on where it stopped if you close Winnow.</Text>
    </section>
  )
}

/** A model that was never run here is tried once, so that the page can say how long it will take. */
function useFirstMeasure(model: ModelInfo | undefined): boolean {
  const wanted = model?.state === 'ready' && model.measured === null
  const { isFetching } = useQuery({
    queryKey: ['models', 'first-measure', model?.card.id],
    queryFn: async () => {
      const measured = await client.models.measure({ modelId: model?.card.id ?? '' })
      await queryClient.invalidateQueries({ queryKey: queries.models.queryKey })
      await queryClient.invalidateQueries({ queryKey: ['app', 'preview'] })
      return measured
    },
    enabled: wanted, retry: false
  })
  return wanted && isFetching
}
