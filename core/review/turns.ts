/** The log as undo and redo see it: which acts stand, and which could be done again. */
export interface LogLine {
  readonly id: number
  readonly kind: string
  readonly turns: number | null
}

/**
 * Both stacks, oldest first. They are never stored: they follow from the log alone, so that undo and redo survive a restart, a crash and
 * a copy of the project.
 */
export class TurnStacks {
  readonly undo: number[] = []
  readonly redo: number[] = []

  /** An act puts itself on the undo stack and ends all redo; `undo` and `redo` move the act that they turn. */
  add({ id, kind, turns }: LogLine): void {
    if (turns === null) {
      this.undo.push(id)
      this.redo.length = 0
    } else if (kind === 'undo') {
      this.#take(this.undo, turns)
      this.redo.push(turns)
    } else {
      this.#take(this.redo, turns)
      this.undo.push(turns)
    }
  }

  #take(stack: number[], id: number): void {
    if (stack.at(-1) !== id) throw new RangeError(`The log turns act ${id} out of order.`)
    stack.pop()
  }
}
