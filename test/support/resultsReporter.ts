import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** Writes { passed, failed: names, skipped: [{ name, reason }] } to WINNOW_TEST_RESULTS, for npm test's last lines. */
export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0
    const failed: string[] = []
    const skipped: { name: string; reason: string }[] = []
    for (const module of modules) {
      let tests = 0
      for (const test of module.children.allTests()) {
        tests++
        const name = `${module.relativeModuleId} > ${test.fullName}`
        const result = test.result()
        if (result.state === 'passed') passed++
        else if (result.state === 'failed') failed.push(name)
        else skipped.push({ name, reason: ('note' in result && result.note) || 'its condition does not hold here (see the test)' })
      }
      if (module.state() === 'failed' && (tests === 0 || module.errors().length > 0)) failed.push(`${module.relativeModuleId} (could not be loaded)`)
    }
    for (const error of errors) failed.push(`outside any test: ${(error as { message?: string }).message ?? String(error)}`)
    const file = process.env.WINNOW_TEST_RESULTS
    if (file) writeFileSync(file, JSON.stringify({ passed, failed, skipped }))
  }
}
