/** Holds a project until it is killed: the other process of a lock test. */
import { Project } from '../../../core/project/project.ts'

const project = await Project.create(process.argv[2] ?? '', 'Held')
await project.write.meta.setSetting('confirmed', 1)
process.send?.('held')
setInterval(() => undefined, 1000)
