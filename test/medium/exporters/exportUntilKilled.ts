/** Exports the project given on the command line to a target, saying how far it is, until it is killed. */
import { Project } from '../../../core/project/project.ts'
import { exportSpec } from '../../../core/contract/exports.ts'
import { exportScope } from '../../../core/exporters/entries.ts'
import { runExport } from '../../../core/exporters/runExport.ts'

const [folder = '', target = ''] = process.argv.slice(2)
const project = await Project.open(folder)
await runExport({
  project,
  spec: exportSpec.parse({ target }),
  scope: await exportScope(project, null),
  exportId: 'killed',
  duplicates: null,
  onProgress: (_stage, done) => void process.stdout.write(`${done}\n`)
})
process.stdout.write('finished\n')
await project.close()
