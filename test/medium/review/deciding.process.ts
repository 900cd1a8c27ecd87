/** Decides without end in the project given on the command line, printing each act's id once it is confirmed, until it is killed. */
import { Project } from '../../../core/project/project.ts'
import type { ResolvedAct } from '../../../core/review/resolvedAct.ts'

const [folder = '', start = '0', count = '0'] = process.argv.slice(2)
const project = await Project.open(folder)
const { decisions } = project.write
const images = Number(count)
const values = ['keep', 'drop', 'unsure', null] as const

for (let turn = Number(start); ; turn++) {
  const act: ResolvedAct =
    turn % 11 === 10
      ? { kind: 'verdict', chosen: { ids: Int32Array.from({ length: images }, (_, i) => i + 1), named: false }, value: values[turn % 3] ?? null, reason: `bulk ${turn}` }
      : { kind: 'verdict', chosen: { ids: Int32Array.of((turn % images) + 1), named: true }, value: values[turn % 4] ?? null, reason: `turn ${turn}` }
  const result = turn % 7 === 5 ? await decisions.undo('me', turn) : turn % 7 === 6 ? await decisions.redo('me', turn) : await decisions.apply(act, 'me', turn)
  if (result.actId !== null) process.stdout.write(`${result.actId}\n`)
}
