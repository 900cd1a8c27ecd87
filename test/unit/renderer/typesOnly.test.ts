import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const renderer = join(import.meta.dirname, '..', '..', '..', 'renderer')

test("the page imports types only from the contract: zod's values try eval, which its policy forbids", () => {
  const sources = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !name.startsWith('dist'))
  expect(sources.length).toBeGreaterThan(100)
  const values = sources.filter((name) => /^import (?!type\b)[^'"]*['"][^'"]*core\/contract\//m.test(readFileSync(join(renderer, name), 'utf8')))
  expect(values).toEqual([])
})
