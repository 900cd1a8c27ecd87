import { SegmentedControl, Text, Title, useMantineColorScheme } from '@mantine/core'
import { Room } from '../../components/Room.tsx'
import { useProject } from '../../app/queries.ts'
import { About } from './About.tsx'
import { KeyList } from './KeyList.tsx'
import { Roots } from './Roots.tsx'
import css from './Settings.module.css'

/** Settings of this window, the folders of this project, the keys, and what Winnow is. */
export function SettingsRoom() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { data: project } = useProject()
  return (
    <Room top={<Title order={2} px="xs">Settings</Title>}>
      <div className={css.page}>
        {project && <Roots project={project} />}
        <section className={css.section}>
          <h2>Look</h2>
          <SegmentedControl aria-label="Theme" value={colorScheme} onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')} data={[{ value: 'dark', label: 'Dark' }, { value: 'light', label: 'Light' }, { value: 'auto', label: 'As the system' }]} />
          <Text c="dimmed" size="xs" mt={6}>Both are neutral grey, so that colours are judged truly. Animations are off where the system asks for that.</Text>
        </section>
        <KeyList />
        <About />
      </div>
    </Room>
  )
}
