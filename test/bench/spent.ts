import { readdirSync, readFileSync } from 'node:fs'

/** What a piece of work took, in seconds. `cpu` counts this process and everything it started, NaN where the system does not tell (only Linux does). */
export interface Spent {
  readonly wall: number
  readonly cpu: number
  /** The share of all cores that other programs took meanwhile, 0..1; NaN as for `cpu`. */
  readonly others: number
}

/** Above this share the clock says more of the neighbours than of us. */
export const quiet = 0.05

/** Runs `work` and says what it took. */
export async function spent(work: () => Promise<unknown>): Promise<Spent> {
  const before = { cpu: ownCpu(), machine: machineCpu() }
  const start = performance.now()
  await work()
  const wall = (performance.now() - start) / 1000
  const cpu = ownCpu() - before.cpu
  const { busy, all } = machineCpu()
  return { wall, cpu, others: Math.max(0, busy - before.machine.busy - cpu) / (all - before.machine.all) }
}

/** CPU seconds of this process, its descendants, and those of them that have ended. */
function ownCpu(): number {
  let folders: string[]
  try {
    folders = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return Number.NaN
  }
  const children = new Map<number, number[]>()
  const ticks = new Map<number, number>()
  for (const name of folders) {
    const fields = statOf(name)
    if (!fields) continue
    const pid = Number(name)
    const parent = Number(fields[1])
    children.set(parent, [...(children.get(parent) ?? []), pid])
    // utime, stime, and cutime, cstime of the children it waited for.
    ticks.set(pid, Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]))
  }
  const total = (pid: number): number => (children.get(pid) ?? []).reduce((sum, child) => sum + total(child), ticks.get(pid) ?? 0)
  return total(process.pid) / ticksPerSecond
}

/** Linux reports in this unit on every platform that Node supports. */
const ticksPerSecond = 100

/** Fields of /proc/<pid>/stat from the third on: the second is a name in brackets that may hold anything. */
function statOf(pid: string): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

function machineCpu(): { busy: number; all: number } {
  try {
    const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0, stolen = 0] = (readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? '').trim().split(/\s+/).slice(1).map((field) => Number(field) / ticksPerSecond)
    const busy = user + nice + system + irq + softirq + stolen
    return { busy, all: busy + idle + waiting }
  } catch {
    return { busy: Number.NaN, all: Number.NaN }
  }
}
