import type { Command } from 'commander'
import { resolve } from 'node:path'
import { exportFormat, type ExportFormat, type ExportPlan, mediaMode, type MediaMode, type VerifyReport, verifyReport } from '../../contract/exports.ts'
import { WinnowError } from '../../domain/errors.ts'
import { exactly } from '../arguments.ts'
import { exitCodes } from '../exitCodes.ts'
import { findImages } from '../findImages.ts'
import { outcomeOf, runJob } from '../follow.ts'
import { onNothing, onProject } from '../run.ts'
import type { Globals } from '../session.ts'
import type { Terminal } from '../terminal.ts'
import { bytesInWords, count, counted } from '../words.ts'

interface Options {
  readonly format?: ExportFormat
  readonly media?: MediaMode
  readonly labelledOnly?: boolean
  readonly withUnsure?: boolean
  readonly splitFolders?: boolean
  readonly copyIfLinkFails?: boolean
  readonly images?: string[]
  readonly dryRun?: boolean
}

/** export, verify: what leaves Winnow, and whether it is still what left. */
export function addExportCommands(program: Command): void {
  program
    .command('export')
    .argument('<project>', 'a project folder, or - for the one open in --engine')
    .argument('<target>', 'the folder to make; it must not exist yet')
    .description('write the cleaned dataset, with a manifest that proves what was kept, dropped and why')
    .option('--format <format>', exportFormat.options.join(', '), exactly(exportFormat.options))
    .option('--media <mode>', mediaMode.options.join(', '), exactly(mediaMode.options))
    .option('--labelled-only', 'leave out images without a class')
    .option('--with-unsure', 'take images along that are marked unsure')
    .option('--split-folders', 'split/class/file instead of class/file, the split being the role')
    .option('--copy-if-link-fails', 'copy where a hard link cannot be made')
    .option('--images <image...>', 'only these, by id or path')
    .option('--dry-run', 'only say what would be written')
    .addHelpText('after', '\nExamples:\n  winnow export monkeys.winnow ~/datasets/monkeys-1 --dry-run\n  winnow export monkeys.winnow ~/datasets/monkeys-1 --format jsonl --media hardlink\n\nThe target appears only when everything in it has been checked. Your own images are never written to.')
    .action(async (project: string, target: string, options: Options, command: Command) => {
      await onProject(command, project, async ({ session, terminal }) => {
        const spec = {
          target: resolve(target),
          ...(options.format ? { format: options.format } : {}),
          ...(options.media ? { media: options.media } : {}),
          ...(options.images ? { selection: { ids: await findImages(session, options.images) } } : {}),
          labelledOnly: options.labelledOnly === true,
          withoutUnsure: options.withUnsure !== true,
          splitFolders: options.splitFolders === true,
          copyIfLinkFails: options.copyIfLinkFails === true
        }
        const plan = await session.client.exports.plan(spec)
        if (options.dryRun) return { json: { plan }, text: planText(plan), code: plan.conflicts.length > 0 ? exitCodes.conflict : exitCodes.ok }
        if (plan.conflicts.length > 0) throw new WinnowError('CONFLICT', plan.conflicts.map(({ message }) => message).join('\n'), { plan })
        for (const warning of plan.warnings) terminal.note(warning)
        return await outcomeOf(session, await runJob(session, { kind: 'export', spec }, terminal))
      })
    })

  program
    .command('verify')
    .argument('<target...>', 'an exported folder; with a project before it, as a job of that project')
    .usage('[options] [project] <target>')
    .description('compare an export with its manifest, byte by byte')
    .addHelpText('after', '\nNeeds no project: whoever has the dataset can check it. Ends with 6 where a file was changed, is missing, or does not belong there.')
    .action(async (paths: string[], _options: unknown, command: Command) => {
      const [first = '', second, ...more] = paths
      if (more.length > 0) command.error('error: verify takes one folder, or a project and a folder')
      if (second === undefined && !command.optsWithGlobals<Globals>().engine) {
        await onNothing(command, async ({ terminal }) => {
          const report = await verifyHere(resolve(first), terminal)
          return { json: { report }, text: reportText(report), code: report.ok ? exitCodes.ok : exitCodes.differs }
        })
        return
      }
      const [project, target] = second === undefined ? ['-', first] : [first, second]
      await onProject(command, project, async ({ session, terminal }) => {
        const job = await runJob(session, { kind: 'verify', target: resolve(target) }, terminal)
        const outcome = await outcomeOf(session, job)
        const report = verifyReport.safeParse(job.data)
        return report.success ? { ...outcome, json: { report: report.data, job }, text: reportText(report.data) } : outcome
      })
    })
}

/** In this process, without a project. Ctrl-C ends it: nothing is written, so there is nothing to finish. */
async function verifyHere(target: string, terminal: Terminal): Promise<VerifyReport> {
  const [{ verifyExport }, { Pace }] = await Promise.all([import('../../exporters/verifyExport.ts'), import('../../jobs/pace.ts')])
  const pace = new Pace()
  const report = await verifyExport(target, { onProgress: (done, total) => terminal.progress({ title: 'Verifying', state: 'running', progress: pace.measure('Verifying', done, total, undefined) }) })
  terminal.progressDone()
  return report
}

function reportText({ changed, missing, extra, counts, message }: VerifyReport): string {
  const list = (word: string, names: readonly string[], total: number): string[] =>
    total === 0 ? [] : [`${counted(total, 'file')} ${word}:`, ...names.slice(0, 20).map((name) => `  ${name}`), ...(total > 20 ? [`  … and ${count(total - 20)} more`] : [])]
  return [message, ...list('changed', changed, counts.changed), ...list('missing', missing, counts.missing), ...list(counts.extra === 1 ? 'that does not belong there' : 'that do not belong there', extra, counts.extra)].join('\n')
}

function planText(plan: ExportPlan): string {
  return [
    `${counted(plan.images, 'image')}, ${bytesInWords(plan.bytes)}${plan.freeBytes === null ? '' : ` (${bytesInWords(plan.freeBytes)} free)`}`,
    ...plan.excluded.map(({ reason, count: number }) => `left out: ${count(number)} (${reason})`),
    ...(plan.renamed > 0 ? [`${counted(plan.renamed, 'name')} told apart, such as ${plan.renamedExamples[0]?.from ?? ''} as ${plan.renamedExamples[0]?.to ?? ''}`] : []),
    '',
    ...plan.tree,
    ...(plan.warnings.length > 0 ? ['', ...plan.warnings] : []),
    ...(plan.conflicts.length > 0 ? ['', 'In the way:', ...plan.conflicts.map(({ message }) => `  ${message}`)] : [])
  ].join('\n')
}
