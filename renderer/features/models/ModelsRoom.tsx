import { Button, Group, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useActions } from '../../app/actions.ts'
import { queries, useProject } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { Room } from '../../components/Room.tsx'
import { formatCount } from '../../components/format.ts'
import { AddModel } from './AddModel.tsx'
import { DescriptorList } from './DescriptorList.tsx'
import { KnownModels } from './KnownModels.tsx'
import { ModelCardView } from './ModelCardView.tsx'
import { ProviderList } from './ProviderList.tsx'
import css from './Models.module.css'

/** The models of this machine, what they run on, and what this project has been described with. */
export function ModelsRoom() {
  const [adding, setAdding] = useState(false)
  const { data: models, error, refetch } = useQuery(queries.models)
  const { data: project } = useProject()
  useActions('Models', [{ id: 'models.add', title: 'Add a model…', keys: ['A'], hint: 'add a model', run: () => setAdding(true) }], { enabled: !adding })
  if (adding) return <AddModel onClose={() => setAdding(false)} />
  return (
    <Room scope={models && formatCount(models.length, 'model')} top={<Title order={2} px="xs">Models</Title>}>
      <div className={css.page}>
        <div className={css.main}>
          <Group justify="space-between" mb="sm">
            <Text c="dimmed">A model turns a picture into a descriptor: numbers that lie close for pictures that look alike.</Text>
            <Button leftSection={<IconPlus size={15} />} rightSection={<Kbd keys="A" />} onClick={() => setAdding(true)}>Add a model…</Button>
          </Group>
          {error && <ErrorNote title="The list of models could not be read." error={error} onRetry={() => void refetch()} />}
          {models?.map((model) => <ModelCardView key={model.card.id} model={model} />)}
          <KnownModels />
        </div>
        <div className={css.aside}>
          <ProviderList />
          {project && <DescriptorList />}
        </div>
      </div>
    </Room>
  )
}
