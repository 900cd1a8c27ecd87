import Database from 'better-sqlite3'

/** Of each connection. The system keeps the file's pages in memory too, and for everybody: a small cache here costs a copy, a large one costs the engine's memory twice. */
const cacheKilobytes = { write: 16_000, read: 8000 }

/** Opens project.db for the one writer. FULL: once a call has answered, the decision is on disk. */
export function openForWriting(file: string): Database.Database {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('busy_timeout = 5000')
  db.pragma(`cache_size = -${cacheKilobytes.write}`)
  db.pragma('temp_store = MEMORY')
  return db
}

export function openForReading(file: string): Database.Database {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  db.pragma('busy_timeout = 5000')
  db.pragma(`cache_size = -${cacheKilobytes.read}`)
  db.pragma('temp_store = MEMORY')
  return db
}
