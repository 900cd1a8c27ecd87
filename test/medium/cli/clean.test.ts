import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writePictures } from '../../support/pictures.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'
import { winnow } from '../../support/winnow.ts'

test('cleaning from the terminal: run, look at the grid and a cell, choose it, take it back', async () => {
  const folder = temporaryFolder('cli-clean')
  const [photos, project, home] = [join(folder, 'photos'), join(folder, 'p.winnow'), join(folder, 'home')]
  writePictures(photos, 8)
  const run = async (...args: string[]) => await winnow(home, ['clean', ...args])
  await winnow(home, ['create', project, '--root', photos])
  await winnow(home, ['scan', project, '--quiet'])
  expect(await run('grids', project)).toMatchObject({ code: 0, stdout: expect.stringContaining('No sweep yet') })
  expect((await run('cell', project)).code).toBe(3)
  expect((await winnow(home, ['run', 'gldv2-clean', project, '--option', 'mutual=true', '--quiet'])).code).toBe(0)

  const { grids } = (await run('grids', project, '--json')).json() as { grids: { resultId: number; evidence: string; images: number }[] }
  expect(grids.map(({ evidence }) => evidence).sort()).toEqual(['inliers', 'mutual-rank'])
  const byRank = String(grids.find(({ evidence }) => evidence === 'mutual-rank')?.resultId)
  expect((await run('grid', project, '--sweep', byRank)).stdout).toContain('rank <= 10')
  expect((await run('grid', project, '--sweep', byRank, '--measure', 'recall')).code).toBe(2)
  expect((await run('cell', project, '--sweep', byRank)).stderr).toContain('--v')
  expect((await run('cell', project, '--sweep', byRank, '--v', '7', '--f', '1')).code).toBe(2)

  // Four images a class: nobody has five others, so that everything goes.
  const strict = ['--sweep', byRank, '--v', '10', '--f', '5']
  expect((await run('cell', project, ...strict)).stdout).toMatch(/keeps 0 images of 8[\s\S]*drop 8 images/)
  expect((await run('choose', project, ...strict, '--dry-run', '--json')).json()).toMatchObject({ cell: { choice: { drops: 8 } } })
  expect((await run('choose', project, ...strict, '--json')).json()).toMatchObject({ act: { count: 8, actId: expect.any(Number) } })
  expect((await winnow(home, ['info', project, '--json'])).json()).toMatchObject({ project: { counts: { dropped: 8 } } })
  expect(await run('choose', project, ...strict)).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to change') })
  await winnow(home, ['undo', project])
  expect((await winnow(home, ['info', project, '--json'])).json()).toMatchObject({ project: { counts: { dropped: 0 } } })
}, 120_000)
