import { renameSync, rmSync } from 'node:fs'
import { openForWriting } from './connection.ts'
import { migrate } from './migrate.ts'
import { MetaWrites, type ProjectMeta } from './repositories/meta.ts'

/** What a project's database is called until it is whole. */
export const newSuffix = '.new'

/** Makes the database of a new project, and gives it its name when it is whole: an engine that is killed in between leaves nothing that looks like a project. */
export function beginDatabase(file: string, meta: ProjectMeta): void {
  const unfinished = `${file}${newSuffix}`
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${unfinished}${suffix}`, { force: true })
  const db = openForWriting(unfinished)
  try {
    migrate(db, unfinished)
    new MetaWrites(db).setProject(meta)
  } finally {
    db.close()
  }
  renameSync(unfinished, file)
}
