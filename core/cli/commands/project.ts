import type { Command } from 'commander'
import { basename, join, resolve } from 'node:path'
import type { ImageDetails } from '../../contract/images.ts'
import { imageRole } from '../../contract/common.ts'
import type { ProjectInfo, Root, RootPreview } from '../../contract/project.ts'
import { WinnowError } from '../../domain/errors.ts'
import { findImages } from '../findImages.ts'
import { exitCodes } from '../exitCodes.ts'
import { follow, outcomeOf, runJob } from '../follow.ts'
import { onEngine, onProject } from '../run.ts'
import type { Session } from '../session.ts'
import { bytesInWords, count, counted, table } from '../words.ts'
import { exactly, wholeNumber } from '../arguments.ts'

interface RootOptions {
  readonly role?: 'train' | 'reference' | 'query' | 'negative' | 'test'
  readonly protected?: boolean
  readonly folderLabels?: boolean
  readonly include?: string[]
  readonly exclude?: string[]
  readonly svg?: boolean
  readonly dataset?: boolean
}

/** The options that say what a folder is. */
const rootOptions = (command: Command): Command =>
  command
    .option('--role <role>', `what its images are for: ${imageRole.options.join(', ')}`, exactly(imageRole.options))
    .option('--protected', 'its images are never proposed to be dropped')
    .option('--no-folder-labels', 'do not take labels from the first folder below it')
    .option('--include <glob...>', 'only files that match, such as "**/*.jpg"')
    .option('--exclude <glob...>', 'no files that match')
    .option('--svg', 'read SVG files too')

const changesOf = ({ role, protected: isProtected, folderLabels, include, exclude, svg }: RootOptions) => ({
  ...(role ? { role } : {}),
  ...(isProtected ? { protected: true } : {}),
  ...(folderLabels === false ? { labelsFromFolders: false } : {}),
  ...(include ? { include } : {}),
  ...(exclude ? { exclude } : {}),
  ...(svg ? { svg: true } : {})
})

const specOf = (path: string, options: RootOptions) => ({ path: resolve(path), ...changesOf(options) })

const rootsTable = (roots: readonly Root[]): string =>
  table(['id', 'folder', 'role', 'images', 'problems', ''], roots.map((root) => [root.id, root.path, root.role, root.images, root.problems, [root.protected ? 'protected' : '', root.reachable ? '' : 'cannot be reached'].filter(Boolean).join(', ')]))

function infoText({ name, folder, counts, roots, undo, redo }: ProjectInfo): string {
  return [
    `${name} (${folder})`,
    `${counted(counts.images, 'image')}: ${count(counts.ready)} ready, ${count(counts.new)} not read yet, ${count(counts.failed)} could not be read, ${count(counts.missing)} missing`,
    `${count(counts.labelled)} labelled (${count(counts.human)} by a person), ${count(counts.predicted)} with a prediction`,
    `${count(counts.kept)} kept, ${count(counts.dropped)} dropped, ${count(counts.unsure)} unsure`,
    ...(undo ? [`undo would take back: ${undo}`] : []),
    ...(redo ? [`redo would do again: ${redo}`] : []),
    ...(roots.length > 0 ? ['', rootsTable(roots)] : ['', 'It has no folders yet: winnow roots add PROJECT FOLDER'])
  ].join('\n')
}

const detailsText = (image: ImageDetails): string =>
  [
    `${image.id}  ${image.path}`,
    `  ${image.state}${image.failure ? ` (${image.failure}: ${image.failureDetail ?? ''})` : ''}, ${image.width ?? '?'} × ${image.height ?? '?'} ${image.format ?? ''}, ${bytesInWords(image.bytes)}`,
    `  label: ${image.className ?? 'none'}${image.labelSource ? ` (${image.labelSource})` : ''}`,
    ...(image.prediction ? [`  prediction: ${image.prediction.className} ${image.prediction.score.toFixed(3)}`] : []),
    `  role: ${image.role}${image.protected ? ', protected' : ''}${image.identity === null ? '' : `, identity ${image.identity}`}${image.fold === null ? '' : `, fold ${image.fold}`}`,
    ...(image.verdict ? [`  ${image.verdict}: ${image.verdictReason ?? ''}`] : []),
    ...(image.sha256 ? [`  sha256 ${image.sha256}`] : [])
  ].join('\n')

/** create, info, roots, sample: projects and what lies in them. */
export function addProjectCommands(program: Command): void {
  rootOptions(program.command('create').argument('<project>', 'the folder to make; .winnow is added where it is missing'))
    .description('make a project over folders of images')
    .option('--root <folder...>', 'folders to read images from (more later with "roots add")')
    .option('--name <name>', 'how it is called (otherwise as its folder)')
    .option('--prepare', 'then read, embed, find near-duplicates and predict labels')
    .addHelpText('after', '\nExample:\n  winnow create monkeys.winnow --root ~/photos/monkeys --prepare\n\nNothing is ever written into the folders that images are read from.')
    .action(async (project: string, options: RootOptions & { root?: string[]; name?: string; prepare?: boolean }, command: Command) => {
      await onEngine(command, async (working) => {
        const { session, terminal } = working
        const folder = resolve(project)
        // Looked at first, so that a slip in a folder's name leaves no half-made project behind.
        for (const root of options.root ?? []) await session.client.roots.preview({ path: resolve(root) })
        await session.client.project.create({ folder, name: options.name ?? basename(folder, '.winnow') })
        for (const root of options.root ?? []) await session.client.roots.add(specOf(root, options))
        const prepared = options.prepare ? await outcomeOf(session, await runJob(session, { kind: 'prepare' }, terminal)) : null
        const info = await session.client.project.current()
        if (!info) throw new Error('The project was closed while it was made.')
        const next = prepared || !options.root ? [] : ['', `Next: winnow prepare ${project}`]
        return {
          json: prepared ? { project: info, ...(prepared.json as object) } : { project: info },
          text: [...(prepared ? [prepared.text, ''] : []), infoText(info), ...next].join('\n'),
          ...(prepared?.code === undefined ? {} : { code: prepared.code })
        }
      })
    })

  program
    .command('info')
    .argument('<project>', 'a project folder, or - for the one open in --engine')
    .argument('[images...]', 'images by id or by path below their folder')
    .description('what a project holds, or everything about some of its images')
    .action(async (project: string, images: string[], _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        if (images.length > 0) {
          const details = []
          for (const id of await findImages(session, images)) details.push(await session.client.images.details({ id }))
          return { json: { images: details }, text: details.map(detailsText).join('\n\n') }
        }
        const [info, descriptors, runs, settings] = await Promise.all([session.client.project.current(), session.client.models.descriptors(), session.client.labels.runs(), session.client.duplicates.settings()])
        if (!info) throw new Error('The project was closed meanwhile.')
        const duplicates = await session.client.duplicates.summary(settings)
        const lines = [
          ...descriptors.map((descriptor) => `embedded with ${descriptor.modelName}: ${count(descriptor.rows)} vectors of ${descriptor.dim} (${descriptor.dtype}), ${count(descriptor.waiting)} waiting`),
          ...(duplicates.searched ? [`near-duplicates: ${counted(duplicates.groups, 'group')} over ${counted(duplicates.images, 'image')}, ${count(duplicates.wouldDrop)} would go; ${count(duplicates.open)} undecided`] : []),
          ...runs.filter((run) => run.kind === 'knn').slice(-1).map((run) => `predictions: ${count(run.predicted)}, of which ${count(run.open)} unanswered`)
        ]
        return { json: { project: info, descriptors, duplicates, runs }, text: [infoText(info), ...(lines.length > 0 ? ['', ...lines] : [])].join('\n') }
      })
    })

  program
    .command('sample')
    .description('open the sample project, drawing it first where it is not there yet')
    .addHelpText('after', '\nThe sample has planted exact copies, edited copies, wrong labels, unlabelled images and one corrupt file.')
    .action(async (_options: unknown, command: Command) => {
      await onEngine(command, async ({ session, terminal }) => {
        const opened = await session.client.project.sample()
        const jobs = await session.client.jobs.list()
        const drawing = jobs.find(({ kind, state }) => kind === 'sample' && (state === 'queued' || state === 'running'))
        const drawn = drawing && (await follow(session, async () => (await session.client.jobs.list()).find(({ id }) => id === drawing.id) ?? drawing, terminal))
        const outcome = drawn && (await outcomeOf(session, drawn))
        const info = (await session.client.project.current()) ?? opened
        // The corrupt file is planted: that it fails is how it should be.
        const code = outcome?.code === exitCodes.withFailures ? exitCodes.ok : (outcome?.code ?? exitCodes.ok)
        return { json: { project: info, job: drawn ?? null }, text: [...(outcome ? [outcome.text, ''] : []), infoText(info)].join('\n'), code }
      })
    })

  const roots = program.command('roots').description('the folders that a project reads images from')
  roots
    .command('list')
    .argument('<project>')
    .description('which folders there are')
    .action(async (project: string, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const list = await session.client.roots.list()
        return { json: { roots: list }, text: list.length > 0 ? rootsTable(list) : 'It has no folders yet: winnow roots add PROJECT FOLDER' }
      })
    })
  rootOptions(roots.command('add').argument('<project>').argument('<folders...>'))
    .option('--dataset', 'a published set (ISC 2021, Google Landmarks v2, pet biometrics): add each of its folders with its role')
    .description('read images from more folders')
    .addHelpText('after', '\nExample:\n  winnow roots add monkeys.winnow ~/photos/zoo --role reference --protected\n  winnow scan monkeys.winnow')
    .action(async (project: string, folders: string[], options: RootOptions, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const added = []
        for (const folder of folders) {
          for (const spec of options.dataset ? await setsOf(session, folder, options) : [specOf(folder, options)]) added.push(await session.client.roots.add(spec))
        }
        return { json: { roots: added }, text: `${rootsTable(added)}\n\nNext: winnow scan ${project}` }
      })
    })
  rootOptions(roots.command('update').argument('<project>').argument('<id>', 'as "roots list" shows it', wholeNumber))
    .description('change what a folder is for, or say where it has been moved to')
    .option('--path <folder>', 'where it is now: its images are found again by their paths below it')
    .option('--not-protected', 'its images may be proposed to be dropped')
    .addHelpText('after', '\nWhat is not named stays as it is.\n\nExample:\n  winnow roots update monkeys.winnow 1 --path /media/disk2/monkeys\n  winnow scan monkeys.winnow')
    .action(async (project: string, id: number, { path, notProtected, ...options }: RootOptions & { path?: string; notProtected?: boolean }, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const changes = { ...changesOf(options), ...(path === undefined ? {} : { path: resolve(path) }), ...(notProtected ? { protected: false } : {}) }
        const root = await session.client.roots.update({ id, ...changes })
        return { json: { root }, text: `${rootsTable([root])}\n\nNext: winnow scan ${project}` }
      })
    })
  roots
    .command('remove')
    .argument('<project>')
    .argument('<id>', 'as "roots list" shows it', wholeNumber)
    .description('forget a folder and its images; the files stay')
    .action(async (project: string, id: number, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        await session.client.roots.remove({ id })
        const list = await session.client.roots.list()
        return { json: { roots: list }, text: list.length > 0 ? rootsTable(list) : 'No folder is left.' }
      })
    })
  roots
    .command('preview')
    .argument('<folder>')
    .description('what lies in a folder, counted from names alone')
    .action(async (folder: string, _options: unknown, command: Command) => {
      await onEngine(command, async ({ session }) => {
        const preview = await session.client.roots.preview({ path: resolve(folder) })
        return { json: preview, text: previewText(preview) }
      })
    })
}

/** The folders of a published set, each with its role; its sub-folders are no classes. */
async function setsOf(session: Session, folder: string, options: RootOptions): Promise<ReturnType<typeof specOf>[]> {
  const { layout } = await session.client.roots.preview({ path: resolve(folder) })
  if (!layout) throw new WinnowError('BAD_INPUT', `${resolve(folder)} is not laid out as a set that Winnow knows (ISC 2021, Google Landmarks v2, pet biometrics). Add its folders one by one with --role.`)
  return layout.sets.map((set) => ({ ...specOf(join(folder, set.folder), options), role: set.role, labelsFromFolders: false }))
}

const previewText = ({ path, images, bytes, formats, classes, unreadable, partial, layout }: RootPreview): string =>
  [
    `${path}: ${partial ? 'at least ' : ''}${counted(images, 'image')}, ${bytesInWords(bytes)}`,
    ...(formats.length > 0 ? [formats.map(({ format, count: number }) => `${format} ${count(number)}`).join(', ')] : []),
    ...(classes.length > 0 ? [`${counted(classes.length, 'class folder')}: ${classes.slice(0, 12).map((one) => one.name).join(', ')}${classes.length > 12 ? ', …' : ''}`] : []),
    ...(unreadable > 0 ? [`${counted(unreadable, 'folder')} could not be listed`] : []),
    ...(layout ? [`${layout.title}. Add its folders with their roles: winnow roots add PROJECT ${path} --dataset`, ...layout.files.map(({ path: file, title }) => `  ${file}: ${title}`)] : [])
  ].join('\n')
