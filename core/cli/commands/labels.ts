import type { Command } from 'commander'
import { resolve } from 'node:path'
import type { LabelClass } from '../../contract/labels.ts'
import { findClass } from '../findClass.ts'
import { onProject } from '../run.ts'
import { counted, table } from '../words.ts'

const classTable = (classes: readonly LabelClass[]): string =>
  classes.length > 0 ? table(['id', 'class', 'given', 'by a person', 'predicted'], classes.map((one) => [one.id, one.name, one.given, one.human, one.predicted])) : 'There are no classes yet.'

/** labels: classes, and labels that come from a file. */
export function addLabelCommands(program: Command): void {
  const labels = program.command('labels').description('classes, and labels from a CSV file')
  labels
    .command('classes')
    .argument('<project>')
    .description('the classes and how many images each has')
    .action(async (project: string, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const classes = await session.client.labels.classes()
        return { json: { classes }, text: classTable(classes) }
      })
    })
  labels
    .command('import-csv')
    .argument('<project>')
    .argument('<file>', 'a CSV file with a heading row')
    .description('take labels from a CSV file')
    .option('--image-column <name>', 'which column names the image (a path below its folder, or a file name)')
    .option('--label-column <name>', 'which column holds the class')
    .addHelpText('after', '\nExample:\n  winnow labels import-csv monkeys.winnow labels.csv --image-column file --label-column species')
    .action(async (project: string, file: string, options: { imageColumn?: string; labelColumn?: string }, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const report = await session.client.labels.importCsv({ file: resolve(file), ...(options.imageColumn ? { imageColumn: options.imageColumn } : {}), ...(options.labelColumn ? { labelColumn: options.labelColumn } : {}) })
        const lines = [
          `${counted(report.rows, 'row')}: ${counted(report.matched, 'image')} labelled, ${counted(report.missing, 'row')} without an image here, ${counted(report.duplicated, 'image')} named twice; ${counted(report.classes, 'class', 'classes')}`,
          ...(report.newClasses.length > 0 ? [`new: ${report.newClasses.join(', ')}`] : []),
          ...report.problems.map(({ line, message }) => `line ${line}: ${message}`)
        ]
        return { json: report, text: lines.join('\n'), code: report.missing > 0 || report.problems.length > 0 ? 5 : 0 }
      })
    })
  labels
    .command('add')
    .argument('<project>')
    .argument('<class>')
    .description('make a class')
    .action(async (project: string, name: string, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const result = await session.client.decisions.apply({ kind: 'class-add', name })
        return { json: result, text: result.summary }
      })
    })
  labels
    .command('rename')
    .argument('<project>')
    .argument('<class>')
    .argument('<name>', 'its new name')
    .description('rename a class')
    .action(async (project: string, from: string, name: string, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const result = await session.client.decisions.apply({ kind: 'class-rename', classId: await findClass(session.client, from), name })
        return { json: result, text: result.summary }
      })
    })
  labels
    .command('merge')
    .argument('<project>')
    .argument('<class>')
    .argument('<into>', 'the class that stays')
    .description('make one class of two')
    .action(async (project: string, from: string, into: string, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const result = await session.client.decisions.apply({ kind: 'class-merge', classId: await findClass(session.client, from), into: await findClass(session.client, into) })
        return { json: result, text: result.summary }
      })
    })
}
