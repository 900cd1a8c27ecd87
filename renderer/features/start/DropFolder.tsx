import { Text } from '@mantine/core'
import { IconFolderDown } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { desktop } from '../../app/desktop.ts'
import { showError } from '../../app/notify.tsx'
import { openProjectFolder } from '../../app/openProject.ts'
import { openNewProject } from '../../stores/intake.ts'
import css from './DropFolder.module.css'

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true

/** A folder dropped anywhere begins a project, a project's folder opens it. A browser does not tell where it lies, so there the person is asked for its path. */
export function DropFolder() {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const stop = new AbortController()
    const options = { signal: stop.signal }
    window.addEventListener('dragover', (event) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(true)
    }, options)
    window.addEventListener('dragleave', (event) => { if (event.relatedTarget === null) setOver(false) }, options)
    window.addEventListener('drop', (event) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(false)
      take(event.dataTransfer)
    }, options)
    return () => stop.abort()
  }, [])
  if (!over) return null
  return (
    <div className={css.veil}>
      <div className={css.box}><IconFolderDown size={36} stroke={1.4} /><Text size="lg" fw={600}>Drop a folder to begin a project with it</Text><Text c="dimmed">It is read, never written to.</Text></div>
    </div>
  )
}

function take(data: DataTransfer | null): void {
  const file = data?.files[0]
  if (!file) return
  const isFolder = data?.items[0]?.webkitGetAsEntry()?.isDirectory === true
  if (!isFolder) {
    showError(new Error('Drop the folder that the images lie in, not single files.'), 'That is not a folder.')
    return
  }
  const path = desktop?.pathOf(file)
  if (path?.endsWith('.winnow')) {
    void openProjectFolder(path)
    return
  }
  openNewProject(path ?? null)
  if (!path) showError(new Error(`A browser does not tell where “${file.name}” lies. Type or paste its path.`), 'One more step')
}
