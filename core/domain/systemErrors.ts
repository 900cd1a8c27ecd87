import { type ErrorCode, WinnowError } from './errors.ts'

const meanings: Readonly<Record<string, { readonly code: ErrorCode; readonly words: string }>> = {
  ENOENT: { code: 'NOT_FOUND', words: 'is not there' },
  ENOTDIR: { code: 'BAD_INPUT', words: 'leads through a file, not a folder' },
  EACCES: { code: 'UNAVAILABLE', words: 'may not be read or written by you: check its permissions' },
  EPERM: { code: 'UNAVAILABLE', words: 'may not be changed by you: check its permissions' },
  EROFS: { code: 'UNAVAILABLE', words: 'lies on a read-only disk: choose another place' },
  ENOSPC: { code: 'UNAVAILABLE', words: 'cannot be written: the disk is full' },
  EDQUOT: { code: 'UNAVAILABLE', words: 'cannot be written: your disk quota is used up' },
  EMFILE: { code: 'UNAVAILABLE', words: 'cannot be opened: too many files are open' },
  ENAMETOOLONG: { code: 'BAD_INPUT', words: 'has a name that is too long for this disk' },
  EIO: { code: 'UNAVAILABLE', words: 'cannot be read: the disk reports an error' },
  SQLITE_FULL: { code: 'UNAVAILABLE', words: 'cannot be written: the disk is full' },
  SQLITE_READONLY: { code: 'UNAVAILABLE', words: 'cannot be written: it is read-only' },
  SQLITE_CANTOPEN: { code: 'UNAVAILABLE', words: 'cannot be opened: see that its disk is there and that you may write to its folder' },
  SQLITE_IOERR: { code: 'UNAVAILABLE', words: 'cannot be read or written: the disk reports an error' },
  SQLITE_BUSY: { code: 'UNAVAILABLE', words: 'is held by another program: end that one and try again' },
  SQLITE_CORRUPT: { code: 'CORRUPT', words: 'is damaged. A copy made before the last update of its schema may lie beside it (project.db.v*.backup)' },
  SQLITE_NOTADB: { code: 'CORRUPT', words: 'is not a database. A copy made before the last update of its schema may lie beside it (project.db.v*.backup)' }
}

/** What an error of the file system or of SQLite means for a person; null for any other. `file` is named where the error names none. */
export function systemError(error: unknown, file?: string): WinnowError | null {
  const { code, path = file } = (error ?? {}) as { code?: unknown; path?: unknown }
  if (typeof code !== 'string') return null
  // SQLite's extended codes begin with their plain one: SQLITE_IOERR_READ.
  const meaning = meanings[code] ?? meanings[code.split('_').slice(0, 2).join('_')]
  if (!meaning) return null
  const what = typeof path === 'string' ? path : code.startsWith('SQLITE') ? 'The project’s database' : 'The file'
  return new WinnowError(meaning.code, `${what} ${meaning.words}.`)
}
