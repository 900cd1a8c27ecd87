import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { verifyExport } from '../../../core/exporters/verifyExport.ts'
import { Project } from '../../../core/project/project.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'
import { exportTo, originalsOf, projectOf, snapshot } from './exportFixture.ts'

const images = 900

test('kill -9 in the middle leaves nothing at the target, and the next export clears up and succeeds', async () => {
  const folder = temporaryFolder('killed')
  const made = await projectOf(folder, Array.from({ length: images }, (_, i) => ({ path: `c${i % 7}/${i}.jpg`, label: `c${i % 7}`, content: `${i} `.repeat(3000) })))
  const { folder: projectFolder } = made
  await made.close()
  const before = snapshot(originalsOf(folder))
  const target = join(folder, 'out', 'dataset')
  for (const stopAt of [1, 200, 600]) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'exportUntilKilled.ts'), projectFolder, target], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    for await (const line of createInterface({ input: child.stdout })) {
      if (Number(line) < stopAt) continue
      child.kill('SIGKILL')
      break
    }
    await exited
    expect(existsSync(target)).toBe(false)
    expect(readdirSync(join(folder, 'out')).filter((name) => name.startsWith('.winnow-part-'))).toHaveLength(2)
  }
  const project = await Project.open(projectFolder)
  expect(await exportTo(project, { target })).toMatchObject({ images, resumed: false })
  await project.close()
  expect(readdirSync(join(folder, 'out'))).toEqual(['dataset'])
  expect(await verifyExport(target)).toMatchObject({ ok: true })
  expect(snapshot(originalsOf(folder))).toEqual(before)
})
