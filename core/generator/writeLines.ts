import { WrittenFile } from '../exporters/writtenFile.ts'

const linesAtOnce = 2000

/** Writes a new file of lines (each with its end), whole or not at all. */
export async function writeLines(folder: string, name: string, lines: Iterable<string>): Promise<void> {
  const file = await WrittenFile.create(folder, name)
  try {
    const some: string[] = []
    for (const line of lines) {
      some.push(line)
      if (some.length === linesAtOnce) await file.write(some.splice(0).join(''))
    }
    await file.write(some.join(''))
    await file.close()
  } catch (error) {
    await file.abandon()
    throw error
  }
}
