import { ORPCError } from '@orpc/server'
import { randomBytes } from 'node:crypto'
import { type ErrorCode, isWinnowError } from '../domain/errors.ts'
import { systemError } from '../domain/systemErrors.ts'
import type { Log } from '../app/log.ts'

const statusOf: Readonly<Record<ErrorCode, number>> = {
  NOT_FOUND: 404,
  BAD_INPUT: 400,
  LOCKED: 423,
  NEWER_VERSION: 409,
  CONFLICT: 409,
  UNAVAILABLE: 503,
  CORRUPT: 422
}

const contractError = (code: string, message: string, data: unknown, status = 500): ORPCError<string, unknown> =>
  new ORPCError(code, { status, message, ...(data === undefined ? {} : { data }) })

/**
 * The one place where errors become the contract's: a WinnowError keeps its code, sentence and data; wrong input and the system's errors become sentences;
 * anything else is our own mistake, which is logged with a reference that the user sees.
 */
export function toContractError(error: unknown, { path, log }: { path: readonly string[]; log: Log }): ORPCError<string, unknown> {
  if (isWinnowError(error)) return contractError(error.code, error.message, withoutSecrets(error.data), statusOf[error.code])
  if (error instanceof ORPCError) {
    const issues = error.code === 'BAD_REQUEST' ? issuesOf(error.data) : null
    if (issues) return contractError('BAD_INPUT', `${path.join('.')}: ${issues.join('; ')}.`, { issues }, 400)
    if (error.code === 'NOT_FOUND' || error.code === 'BAD_REQUEST') return error
  }
  const known = systemError(error)
  if (known) return contractError(known.code, known.message, undefined, statusOf[known.code])
  const reference = randomBytes(4).toString('hex')
  log.error(`[${reference}] ${path.join('.')}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return contractError('UNEXPECTED', `Something went wrong inside Winnow (reference ${reference}). What you confirmed before is saved. The details are in ${log.place}.`, { reference })
}

/** Who holds a locked project may be told; how to get into that engine may not. */
function withoutSecrets(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('token' in data)) return data
  const { token: _token, ...rest } = data
  return rest
}

function issuesOf(data: unknown): string[] | null {
  const issues = (data as { issues?: unknown } | undefined)?.issues
  if (!Array.isArray(issues)) return null
  return (issues as { message?: unknown; path?: unknown }[]).slice(0, 5).map(({ message, path }) => {
    const field = Array.isArray(path) ? path.map((step: unknown) => String((step as { key?: unknown } | null)?.key ?? step)).join('.') : ''
    return field ? `${field}: ${String(message)}` : String(message)
  })
}
