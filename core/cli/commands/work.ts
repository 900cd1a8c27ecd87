import type { Command } from 'commander'
import { jobRequest, type Job, type JobRequestInput } from '../../contract/jobs.ts'
import { exactly, fraction, numberText, wholeNumber } from '../arguments.ts'
import { exitCodes } from '../exitCodes.ts'
import { follow, outcomeOf, runJob } from '../follow.ts'
import { onProject } from '../run.ts'
import { count, table } from '../words.ts'

const searchEngines = ['exact', 'faiss'] as const

interface Options {
  readonly model?: string
  readonly root?: string[]
  readonly provider?: string[]
  readonly dtype?: 'float32' | 'float16'
  readonly descriptor?: number
  readonly floor?: number
  readonly search?: (typeof searchEngines)[number]
  readonly k?: number
  readonly temperature?: number
}

/** scan, embed, duplicates, pseudo, prepare and jobs: the work that takes long. */
export function addWorkCommands(program: Command): void {
  const work = (name: string, description: string, request: (options: Options) => JobRequestInput): Command =>
    program
      .command(name)
      .argument('<project>', 'a project folder, or - for the one open in --engine')
      .description(description)
      .action(async (project: string, options: Options, command: Command) => {
        await onProject(command, project, async ({ session, terminal }) => await outcomeOf(session, await runJob(session, jobRequest.parse(request(options)), terminal)))
      })

  work('prepare', 'scan, embed, duplicates and pseudo, one after the other', ({ model }) => ({ kind: 'prepare', modelId: model }))
    .option('--model <id>', 'the model to embed with (otherwise the default one)')
  work('scan', 'read the folders: find, hash and measure what is new or changed', ({ root }) => ({ kind: 'scan', rootIds: root?.map(wholeNumber) }))
    .option('--root <id...>', 'only these folders, as "roots list" numbers them')
    .addHelpText('after', '\nWhat has not changed (path, size, time) is not read again. Files that could not be read are tried again.')
  work('embed', 'turn every image into a vector', ({ model, provider, dtype }) => ({ kind: 'embed', modelId: model, providers: provider, dtype }))
    .option('--model <id>', 'the model (otherwise the default one); see "winnow models list"')
    .option('--provider <name...>', 'execution providers to try, in order: cuda, tensorrt, webgpu, coreml, directml, cpu')
    .option('--dtype <type>', 'float32 or float16 on disk', exactly(['float32', 'float16']))
    .addHelpText('after', '\nKilled half way, it goes on where it stopped.')
  work('duplicates', 'find identical, perceptual and embedding near-duplicates', ({ descriptor, floor, search }) => ({ kind: 'duplicates', descriptorId: descriptor, floor, engine: search }))
    .option('--descriptor <id>', 'vectors of which model, as "winnow info --json" numbers them', wholeNumber)
    .option('--floor <similarity>', 'store pairs down to this cosine; the threshold can move above it without searching again', fraction)
    .option('--search <engine>', searchEngines.join(' or '), exactly(searchEngines))
  work('pseudo', 'predict labels for what has none, from what has', ({ descriptor, k, temperature, search }) => ({ kind: 'pseudo', descriptorId: descriptor, k, temperature, engine: search }))
    .option('--k <number>', 'how many neighbours vote', wholeNumber)
    .option('--temperature <number>', 'how fast a vote fades with distance: exp((cosine - 1) / temperature)', numberText)
    .option('--descriptor <id>', 'vectors of which model', wholeNumber)
    .option('--search <engine>', searchEngines.join(' or '), exactly(searchEngines))
  addJobsCommand(program)
}

const jobsTable = (jobs: readonly Job[]): string =>
  table(['id', 'job', 'state', 'failures', ''], jobs.map((job) => [job.id, job.title, job.state, job.failures, job.error ?? job.result ?? (job.progress?.total ? `${count(job.progress.done)} of ${count(job.progress.total)}` : '')]))

function addJobsCommand(program: Command): void {
  const jobs = program.command('jobs').description('what is running, and what ran before')
  jobs
    .command('list')
    .argument('<project>')
    .description('the last 50 jobs')
    .action(async (project: string, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const list = await session.client.jobs.list()
        return { json: { jobs: list }, text: list.length > 0 ? jobsTable(list) : 'No job has been started yet.' }
      })
    })
  jobs
    .command('failures')
    .argument('<project>')
    .argument('<job>', 'its id', wholeNumber)
    .description('what did not work in a job, item by item')
    .action(async (project: string, jobId: number, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const failures = []
        for (;;) {
          const page = await session.client.jobs.failures({ jobId, offset: failures.length, limit: 500 })
          failures.push(...page)
          if (page.length < 500) break
        }
        return { json: { failures }, text: failures.length > 0 ? table(['what', 'why', ''], failures.map(({ subject, reason, detail }) => [subject, reason, detail])) : 'Nothing failed.' }
      })
    })
  for (const [name, description] of [['resume', 'let an interrupted, cancelled or failed job go on'], ['retry', 'try again what failed in a job']] as const) {
    jobs
      .command(name)
      .argument('<project>')
      .argument('<job>', 'its id', wholeNumber)
      .description(description)
      .action(async (project: string, jobId: number, _options: unknown, command: Command) => {
        await onProject(command, project, async ({ session, terminal }) => {
          const start = async (): Promise<Job> => await (name === 'resume' ? session.client.jobs.resume({ jobId }) : session.client.jobs.retryFailed({ jobId }))
          return await outcomeOf(session, await follow(session, start, terminal))
        })
      })
  }
  jobs
    .command('cancel')
    .argument('<project>')
    .argument('<job>', 'its id', wholeNumber)
    .description('stop a job that a window or another terminal started; what is done is kept')
    .action(async (project: string, jobId: number, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        await session.client.jobs.cancel({ jobId })
        const list = await session.client.jobs.list()
        const job = list.find(({ id }) => id === jobId)
        return { json: { job: job ?? null }, text: job ? `${job.title}: ${job.state}.` : `There is no job ${jobId}.`, code: job ? exitCodes.ok : exitCodes.notFound }
      })
    })
  jobs
    .command('dismiss')
    .argument('<project>')
    .argument('<job>', 'its id', wholeNumber)
    .description('take a finished job out of the list')
    .action(async (project: string, jobId: number, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        await session.client.jobs.dismiss({ jobId })
        return { json: { jobs: await session.client.jobs.list() }, text: '' }
      })
    })
}

