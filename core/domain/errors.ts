/**
 * An error that a person can act on: `message` says in a sentence what is wrong (naming the file, line or field) and what to do.
 * `code` is stable and becomes the contract's error code and the CLI's exit code.
 */
export type ErrorCode =
  | 'NOT_FOUND' // no such image, project, model, job
  | 'BAD_INPUT' // what was asked for is not valid
  | 'LOCKED' // another engine holds the project
  | 'NEWER_VERSION' // the project was written by a newer Winnow
  | 'CONFLICT' // something stands in the way (a target folder that exists, a name taken)
  | 'UNAVAILABLE' // this machine cannot do it (no provider, no disk space, engine gone)
  | 'CORRUPT' // a file is not what it claims to be

export class WinnowError extends Error {
  readonly code: ErrorCode
  readonly data: unknown
  constructor(code: ErrorCode, message: string, data?: unknown) {
    super(message)
    this.name = 'WinnowError'
    this.code = code
    this.data = data
  }
}

export const isWinnowError = (error: unknown): error is WinnowError =>
  error instanceof Error && error.name === 'WinnowError' && typeof (error as { code?: unknown }).code === 'string'
