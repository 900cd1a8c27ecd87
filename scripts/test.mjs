// npm test: type check, lint with the layer rules, then unit, medium, golden and end-to-end tests. Arguments are passed to vitest
// (for example: npm test -- --project unit). Writes .cache/test-summary.txt; its last line is "N passed, M failed".
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { binOf, nodePath } from './machine.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const node = nodePath(root)
const ci = process.env.CI === 'true'
const results = join(root, '.cache', 'test-results.json')
const passedOn = process.argv.slice(2)
const env = { ...process.env, WINNOW_SHARED: process.env.WINNOW_SHARED ?? join(root, '..', 'shared'), WINNOW_TEST_RESULTS: results }

mkdirSync(dirname(results), { recursive: true })
rmSync(results, { force: true })
const checks = []

function check(name, args) {
  process.stdout.write(`\n── ${name}\n`)
  const { status } = spawnSync(node, args, { cwd: root, stdio: 'inherit', env })
  checks.push({ name, ok: status === 0 })
}

if (passedOn.length === 0) {
  for (const config of ['tsconfig.json', 'electron/tsconfig.json', 'renderer/tsconfig.json', 'test/e2e/tsconfig.json']) check(`types: ${config}`, [binOf(root, 'typescript', 'tsc'), '-p', config])
  check('lint and layer rules', [binOf(root, 'oxlint'), '--deny-warnings'])
}

process.stdout.write('\n── tests\n')
const reporters = ['--reporter=default', `--reporter=${join(root, 'test', 'support', 'resultsReporter.ts')}`]
const vitest = [binOf(root, 'vitest'), 'run', '--config', join(root, 'test', 'vitest.config.ts'), ...reporters, ...passedOn]
const xvfb = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY && existsSync('/usr/bin/xvfb-run')
const ran = xvfb
  ? spawnSync('xvfb-run', ['-a', '-s', '-screen 0 1920x1080x24', node, ...vitest], { cwd: root, stdio: 'inherit', env })
  : spawnSync(node, vitest, { cwd: root, stdio: 'inherit', env })

const tests = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : { passed: 0, failed: [], skipped: [] }
const failed = [...checks.filter(({ ok }) => !ok).map(({ name }) => name), ...tests.failed]
if (ran.status !== 0 && tests.failed.length === 0) failed.push('vitest itself (see above)')
if (tests.passed === 0) failed.push('no test ran')

// A skip is accepted when the list in the repository names it; in CI any other skip is a failure.
const accepted = JSON.parse(readFileSync(join(root, 'test', 'acceptedSkips.json'), 'utf8'))
for (const { name } of tests.skipped) {
  if (ci && !accepted.some((pattern) => name.includes(pattern.name))) failed.push(`${name} (skipped, and not in test/acceptedSkips.json)`)
}

const passed = checks.filter(({ ok }) => ok).length + tests.passed
const summary = [
  `${tests.skipped.length} skipped${tests.skipped.length > 0 ? ':' : ''}`,
  ...tests.skipped.map(({ name, reason }) => `  ${name} - ${reason}`),
  ...failed.map((name) => `failed: ${name}`),
  `${passed} passed, ${failed.length} failed`
].join('\n')
writeFileSync(join(root, '.cache', 'test-summary.txt'), `${summary}\n`)
process.stdout.write(`\n${summary}\n`)
process.exit(failed.length > 0 ? 1 : 0)
