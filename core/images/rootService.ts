import { realpath, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import picomatch from 'picomatch'
import { rootSpec, type Root, type RootPreview, type RootSpec } from '../contract/project.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Engine } from '../engine.ts'
import { applyFolderLabels } from '../importers/folderLabels.ts'
import type { RootRecord } from '../project/repositories/roots.ts'
import type { ProjectContext, Service } from '../services.ts'
import { prepareSeconds } from './prepareTime.ts'
import { rootLayout } from '../formats/rootLayout.ts'
import { previewFolder } from './rootPreview.ts'

const forgetStep = 500

/** The folders that a project's images come from. */
export class RootService implements Service<'roots'> {
  readonly #context: ProjectContext
  constructor(context: ProjectContext) {
    this.#context = context
  }

  async list(): Promise<Root[]> {
    return await Promise.all((await this.#context.project.read.roots.list()).map(withReach))
  }

  async preview(input: PreviewInput): Promise<RootPreview> {
    return await previewRoot(this.#context.engine, input)
  }

  /** Adds a folder; nothing in it is read before a scan. Throws NOT_FOUND, BAD_INPUT, or CONFLICT where it overlaps another. */
  async add(spec: RootSpec): Promise<Root> {
    const { project } = this.#context
    const checked = { ...spec, path: resolve(spec.path) }
    await this.#check(checked, null)
    const id = await project.write.roots.add(checked, Date.now())
    project.emit({ topic: 'project' })
    return await this.#byId(id)
  }

  /** Changes a folder's settings, or its path where it was moved: images are then found again by their relative paths. Throws as `add` does. */
  async update({ id, ...changes }: Partial<RootSpec> & { id: number }): Promise<Root> {
    const { project } = this.#context
    const former = await project.read.roots.byId(id)
    if (!former) throw noSuchRoot(id)
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
    const spec = rootSpec.parse({ ...former, ...given })
    const next = { ...spec, path: resolve(spec.path) }
    if (next.path !== former.path) await this.#check(next, id)
    else checkGlobs(next.include, next.exclude)
    await project.write.roots.update(id, next)
    if (next.labelsFromFolders !== former.labelsFromFolders) await applyFolderLabels(project, id)
    project.emit({ topic: 'project' })
    project.emit({ topic: 'images' })
    return await this.#byId(id)
  }

  /** Forgets a folder and all that was said of its images. The files stay where they are. Throws NOT_FOUND. */
  async remove({ id }: { id: number }): Promise<{ ok: true }> {
    const { project } = this.#context
    if (!await project.read.roots.byId(id)) throw noSuchRoot(id)
    // In steps, so that nobody's decision waits for the whole of it.
    for (let gone = 1; gone > 0;) gone = await project.write.images.forget(id, forgetStep)
    await project.write.roots.remove(id)
    project.emit({ topic: 'project' })
    project.emit({ topic: 'images' })
    return { ok: true }
  }

  async #byId(id: number): Promise<Root> {
    const record = await this.#context.project.read.roots.byId(id)
    if (!record) throw noSuchRoot(id)
    return await withReach(record)
  }

  async #check({ path, include, exclude }: RootSpec, self: number | null): Promise<void> {
    checkGlobs(include, exclude)
    const { project } = this.#context
    const folder = await realFolder(path)
    const own = await realpath(project.folder)
    if (contains(own, folder)) throw new WinnowError('BAD_INPUT', `${path} lies in the project itself. Choose a folder of images.`)
    for (const other of await project.read.roots.list()) {
      if (other.id === self) continue
      const there = await realpath(other.path).catch(() => other.path)
      if (there === folder) throw new WinnowError('CONFLICT', `${path} is in this project already.`)
      if (contains(there, folder)) throw new WinnowError('CONFLICT', `${path} lies in ${other.path}, which is in this project already: its images are read with it.`)
      if (contains(folder, there)) throw new WinnowError('CONFLICT', `${path} holds ${other.path}, which is in this project already. Remove that one first, or add only the other folders.`)
    }
  }
}

export interface PreviewInput {
  readonly path: string
  readonly include?: string[] | undefined
  readonly exclude?: string[] | undefined
}

/** Counts what is in a folder, quickly; needs no project, as the first one begins with it. Throws NOT_FOUND or BAD_INPUT where it is no folder that can be read. */
export async function previewRoot(engine: Engine, { path, include = [], exclude = [] }: PreviewInput): Promise<RootPreview> {
  checkGlobs(include, exclude)
  const folder = await realFolder(path)
  const [found, layout] = await Promise.all([previewFolder(folder, { include, exclude }), layoutOf(folder)])
  // Whoever looks at a folder of images is about to scan it: the workers start while the preview is read.
  if (found.images > 0) void engine.vision.warm()
  return { ...found, path: resolve(path), layout, estimate: await estimate(engine, found) }
}

async function layoutOf(folder: string): Promise<RootPreview['layout']> {
  const { kind, title, sets, files } = await rootLayout(folder)
  return kind === 'unknown' ? null : { kind, title, sets: [...sets], files: [...files] }
}

/** How long preparing would take with the default model, where its speed was measured here. */
async function estimate(engine: Engine, { images, bytes }: { readonly images: number; readonly bytes: number }): Promise<RootPreview['estimate']> {
  const models = await engine.models.list()
  const model = models.find(({ isDefault }) => isDefault)
  if (!model?.measured) return null
  const { provider, millisecondsPerImage } = model.measured
  const seconds = prepareSeconds({ images, bytes, modelMilliseconds: millisecondsPerImage, onCpu: provider === 'cpu', workers: engine.vision.size })
  return { model: model.card.name, provider, seconds }
}

const contains = (folder: string, path: string): boolean => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)

const noSuchRoot = (id: number): WinnowError => new WinnowError('NOT_FOUND', `There is no folder ${id} in this project.`)

async function withReach(record: RootRecord): Promise<Root> {
  const reachable = await stat(record.path).then((found) => found.isDirectory(), () => false)
  return { ...record, include: [...record.include], exclude: [...record.exclude], reachable }
}

/** The real path of a folder. Throws NOT_FOUND or BAD_INPUT with what is wrong with it. */
async function realFolder(path: string): Promise<string> {
  try {
    const real = await realpath(resolve(path))
    if (!(await stat(real)).isDirectory()) throw new WinnowError('BAD_INPUT', `${path} is a file. Choose the folder that it lies in.`)
    return real
  } catch (error) {
    if (error instanceof WinnowError) throw error
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new WinnowError('NOT_FOUND', `There is no folder ${path}. Check its spelling, or connect the disk that it is on.`)
    throw new WinnowError('BAD_INPUT', `${path} cannot be opened (${code}). Check that you may read it.`)
  }
}

function checkGlobs(include: readonly string[], exclude: readonly string[]): void {
  for (const [field, globs] of [['include', include], ['exclude', exclude]] as const) {
    for (const glob of globs) {
      if (glob.trim() === '' || glob.length > 1000) throw new WinnowError('BAD_INPUT', `${field}: ${glob.trim() === '' ? 'a pattern is empty' : 'a pattern is longer than 1,000 characters'}.`)
      try {
        picomatch(glob)
      } catch (error) {
        throw new WinnowError('BAD_INPUT', `${field}: the pattern ${glob} cannot be understood (${(error as Error).message}).`)
      }
    }
  }
}
