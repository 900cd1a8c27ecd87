/** What a script learns from how a command ended. Shown by `winnow --help`. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  unavailable: 4,
  withFailures: 5,
  differs: 6,
  conflict: 7,
  corrupt: 8,
  cancelled: 130
} as const

export const exitCodeHelp = `Exit codes:
  0  done
  1  it failed; the message says why
  2  wrong arguments or input
  3  no such project, image, class, model or job
  4  the project is in use elsewhere, or this machine cannot do it now
  5  done, but some items failed (they are listed)
  6  verify: the export differs from its manifest
  7  something stands in the way (a folder that exists, a name that is taken)
  8  a file is damaged, or was written by a newer Winnow
  130  cancelled with Ctrl-C (what was done until then is kept)`

const byErrorCode: Readonly<Record<string, number>> = {
  BAD_INPUT: exitCodes.usage,
  NOT_FOUND: exitCodes.notFound,
  LOCKED: exitCodes.unavailable,
  UNAVAILABLE: exitCodes.unavailable,
  CONFLICT: exitCodes.conflict,
  CORRUPT: exitCodes.corrupt,
  NEWER_VERSION: exitCodes.corrupt
}

/** The exit code for an error's code; 1 for one that nobody foresaw. */
export const exitCodeOf = (errorCode: string | undefined): number => byErrorCode[errorCode ?? ''] ?? exitCodes.failed
