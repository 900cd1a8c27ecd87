import Database from 'better-sqlite3'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migrations, schemaVersion } from '../../../core/project/migrations/list.ts'
import { migrate, versionOf } from '../../../core/project/migrate.ts'
import { Project } from '../../../core/project/project.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

test('a project is created, closed and opened with what was stored in it', async () => {
  const folder = join(temporaryFolder(), 'monkeys')
  const created = await Project.create(folder, 'Monkeys')
  await created.write.meta.setSetting('theme', { dark: true })
  const { id } = created.meta
  await created.close()
  const opened = await Project.open(`${folder}.winnow`)
  expect(opened.meta).toMatchObject({ id, name: 'Monkeys', sample: false })
  expect(await opened.read.meta.setting('theme')).toEqual({ dark: true })
  await opened.close()
})

test('a second writer is refused with who holds it, and the lock goes with the holder', async () => {
  const folder = temporaryFolder()
  const first = await Project.create(join(folder, 'a'), 'A', { program: 'Winnow CLI' })
  first.announce('http://127.0.0.1:1234', 'secret')
  await expect(Project.open(first.folder)).rejects.toMatchObject({ code: 'LOCKED', data: { pid: process.pid, url: 'http://127.0.0.1:1234', token: 'secret' } })
  await expect(Project.open(first.folder)).rejects.toThrow(/Winnow CLI \(process \d+/)
  expect(statSync(join(first.folder, 'engine.json')).mode & 0o777).toBe(0o600)
  await first.close()
  expect(existsSync(join(first.folder, 'engine.json'))).toBe(false)
  await (await Project.open(first.folder)).close()
})

test('kill -9 of the holder releases the lock and keeps what was confirmed', async () => {
  const folder = join(temporaryFolder(), 'a')
  const holder = fork(new URL('./holdProject.ts', import.meta.url), [folder], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [message] = (await once(holder, 'message')) as [string]
  expect(message).toBe('held')
  await expect(Project.open(`${folder}.winnow`)).rejects.toMatchObject({ code: 'LOCKED' })
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const project = await Project.open(`${folder}.winnow`)
  expect(await project.read.meta.setting('confirmed')).toBe(1)
  await project.close()
})

test('a project of a newer version is refused with a sentence and not touched', async () => {
  const project = await Project.create(join(temporaryFolder(), 'a'), 'A')
  await project.close()
  const file = join(project.folder, 'project.db')
  const db = new Database(file)
  db.pragma(`user_version = ${schemaVersion + 1}`)
  db.pragma('journal_mode = DELETE')
  db.close()
  const before = readFileSync(file)
  await expect(Project.open(project.folder)).rejects.toMatchObject({ code: 'NEWER_VERSION', message: expect.stringContaining('newer Winnow') })
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('a folder that is no project, and a file that is no database, are named', async () => {
  const folder = temporaryFolder()
  await expect(Project.open(folder)).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining(folder) })
  writeFileSync(join(folder, 'project.db'), 'this is text, and long enough to be looked at as a header')
  await expect(Project.open(folder)).rejects.toMatchObject({ code: 'CORRUPT', message: expect.stringContaining('is not a database') })
})

/** What a damaged disk, a broken copy or another program may leave of a database. */
const damages: readonly (readonly [string, (whole: Buffer) => Buffer])[] = [
  ['nothing', () => Buffer.alloc(0)],
  ['its beginning', (whole) => whole.subarray(0, 5000)],
  ['its first half', (whole) => whole.subarray(0, whole.length >> 1)],
  ['a header with noise behind it', (whole) => Buffer.concat([whole.subarray(0, 4096), whole.subarray(4096).map((byte) => byte ^ 0x5a)])],
  ['noise in its first page', (whole) => Buffer.concat([whole.subarray(0, 100), Buffer.alloc(3996, 0xff), whole.subarray(4096)])]
]
test.each(damages)('a database of which there is only %s is refused with a sentence, left as it is, and let go', async (_what, damage) => {
  const project = await Project.create(join(temporaryFolder(), 'a'), 'A')
  await project.close()
  const file = join(project.folder, 'project.db')
  const whole = readFileSync(file)
  const damaged = damage(whole)
  writeFileSync(file, damaged)
  await expect(Project.open(project.folder)).rejects.toMatchObject({ name: 'WinnowError', code: 'CORRUPT', message: expect.stringContaining(file) })
  expect(readFileSync(file).equals(damaged)).toBe(true)
  writeFileSync(file, whole)
  await (await Project.open(project.folder)).close()
})

test('a lock or endpoint file that is damaged does not stand in the way without a word', async () => {
  const project = await Project.create(join(temporaryFolder(), 'a'), 'A')
  await project.close()
  writeFileSync(join(project.folder, 'engine.json'), '{"pid":')
  await (await Project.open(project.folder)).close()
  const lock = join(project.folder, 'lock.db')
  writeFileSync(lock, 'this is no database, but text that is long enough to be a header')
  await expect(Project.open(project.folder)).rejects.toMatchObject({ code: 'CORRUPT', message: expect.stringContaining(`${lock} is damaged`) })
  rmSync(lock)
  mkdirSync(lock)
  await expect(Project.open(project.folder)).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining(lock) })
})

test('what an engine that was killed while it made a project left behind is no project, and does not stand in the way of making it', async () => {
  const folder = join(temporaryFolder(), 'a.winnow')
  mkdirSync(folder)
  for (const name of ['lock.db', 'engine.json', 'project.db.new', 'project.db.new-wal']) writeFileSync(join(folder, name), '')
  await expect(Project.open(folder)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const project = await Project.create(folder, 'A')
  await project.close()
  expect(readdirSync(folder).toSorted()).toEqual(['graphs', 'lock.db', 'project.db', 'results', 'thumbs', 'vectors'])
  expect((await Project.open(folder)).meta.name).toBe('A')
})

test('creating where something lies already is refused', async () => {
  const folder = temporaryFolder()
  const project = await Project.create(join(folder, 'a'), 'A')
  await project.close()
  await expect(Project.create(join(folder, 'a'), 'A')).rejects.toMatchObject({ code: 'CONFLICT' })
})

const tables = (db: Database.Database): unknown[] => db.prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").all()

test.each(migrations.map((migration) => [migration.version, migration.name] as const))('migration %i (%s) leads from the version before to the same schema as a new project, after a backup', (version) => {
  const folder = temporaryFolder()
  const file = join(folder, 'project.db')
  const db = new Database(file)
  migrate(db, file, migrations.slice(0, version - 1))
  expect(versionOf(db)).toBe(version - 1)
  if (version > 1) db.prepare("INSERT INTO setting (key, value) VALUES ('kept', '1')").run()
  const { backup } = migrate(db, file, migrations.slice(0, version))
  expect(versionOf(db)).toBe(version)
  expect(backup !== null).toBe(version > 1)
  if (backup) {
    const copy = new Database(backup, { readonly: true })
    expect(versionOf(copy)).toBe(version - 1)
    copy.close()
    expect(db.prepare("SELECT value FROM setting WHERE key = 'kept'").pluck().get()).toBe('1')
  }
  const fresh = new Database(':memory:')
  migrate(fresh, ':memory:', migrations.slice(0, version))
  expect(tables(db)).toEqual(tables(fresh))
  db.close()
})

test('a migration that fails leaves the version before, whole, and a backup', () => {
  const file = join(temporaryFolder(), 'project.db')
  const db = new Database(file)
  migrate(db, file)
  const broken = [...migrations, { version: schemaVersion + 1, name: 'broken', sql: 'CREATE TABLE fine (a INTEGER); CREATE TABLE not valid sql' }]
  expect(() => migrate(db, file, broken)).toThrow(/syntax/)
  expect(versionOf(db)).toBe(schemaVersion)
  expect(db.prepare("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'fine'").pluck().get()).toBe(0)
  copyFileSync(`${file}.v${schemaVersion}.backup`, `${file}.restored`)
  const restored = new Database(`${file}.restored`)
  expect(tables(restored)).toEqual(tables(db))
  restored.close()
  db.close()
})
