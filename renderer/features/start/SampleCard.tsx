import { Button, Text } from '@mantine/core'
import { IconFlask } from '@tabler/icons-react'
import { useState } from 'react'
import { openSample } from '../../app/openProject.ts'
import { Kbd } from '../../components/Kbd.tsx'
import css from './StartRoom.module.css'

/** The sample project, prominent where there is nothing else yet. */
export function SampleCard({ exists }: { exists: boolean }) {
  const [busy, setBusy] = useState(false)
  const open = async (): Promise<void> => {
    setBusy(true)
    await openSample()
    setBusy(false)
  }
  return (
    <section className={css.sample}>
      <div>
        <Text size="lg" fw={600}>Try it on drawn pictures first</Text>
        <Text c="dimmed" mt={4} maw={620}>
          A sample project of some 600 scenes in 8 classes, with exact and edited copies, wrong labels, unlabelled images and one broken file hidden in it.
          {exists ? ' It is drawn already.' : ' Winnow draws it here on this machine, which takes a few minutes once; nothing is downloaded.'}
        </Text>
      </div>
      <Button size="sm" leftSection={<IconFlask size={17} />} rightSection={<Kbd keys="T" />} loading={busy} onClick={() => void open()}>Try the sample</Button>
    </section>
  )
}
