/**
 * Which GPU each worker computes on. A worker keeps its device for life, because its model is loaded there; a new one gets the device that the fewest
 * living workers have. Work for GPUs goes to the device with the least of it.
 */
export class DeviceAssignment<Worker extends object> {
  readonly #devices: readonly number[]
  readonly #of = new Map<Worker, number>()

  /** `devices`: their numbers; with none or one there is nothing to assign. */
  constructor(devices: readonly number[]) {
    this.#devices = devices
  }

  get count(): number {
    return this.#devices.length
  }

  /** Whether there is a choice. */
  get several(): boolean {
    return this.#devices.length > 1
  }

  /** The worker's device; null where there is no choice, and every worker takes the default one. */
  deviceOf(worker: Worker): number | null {
    if (!this.several) return null
    const known = this.#of.get(worker)
    if (known !== undefined) return known
    const held = [...this.#of.values()]
    const device = least(this.#devices, (one) => held.filter((other) => other === one).length)
    this.#of.set(worker, device)
    return device
  }

  /** A worker ended. */
  forget(worker: Worker): void {
    this.#of.delete(worker)
  }

  /** Of workers that may take a call, the one whose device has the least to do (`load`: calls of any worker in progress), then the least busy. */
  choose(free: readonly Worker[], all: Iterable<Worker>, load: (worker: Worker) => number): Worker | null {
    if (free.length === 0) return null
    const busy = new Map<number | null, number>()
    for (const worker of all) {
      const device = this.#of.get(worker) ?? null
      busy.set(device, (busy.get(device) ?? 0) + load(worker))
    }
    return least(free, (worker) => (busy.get(this.deviceOf(worker)) ?? 0) * 1000 + load(worker))
  }
}

/** The first of the smallest. */
function least<T>(items: readonly T[], value: (item: T) => number): T {
  return items.reduce((best, item) => (value(item) < value(best) ? item : best))
}
