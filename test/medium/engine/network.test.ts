import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { writePictures } from '../../support/pictures.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

const cli = fileURLToPath(new URL('../../../core/cli/main.ts', import.meta.url))
const guard = pathToFileURL(fileURLToPath(new URL('../../support/networkGuard.mjs', import.meta.url))).href

/** A network namespace of its own, where there is nothing but this machine. */
const alone = ['unshare', '-n', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']
const canBeAlone = spawnSync(alone[0] as string, [...alone.slice(1), 'true']).status === 0

function run(log: string, command: string, args: readonly string[]): { status: number | null; output: string } {
  const [first = '', ...rest] = canBeAlone ? [...alone, command, ...args] : [command, ...args]
  const { status, stdout, stderr } = spawnSync(first, rest, { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: `--import ${guard}`, WINNOW_TEST_NETWORK_LOG: log } })
  return { status, output: `${stdout}${stderr}` }
}

test('the guard of this test sees what it should', () => {
  const log = join(temporaryFolder('guard'), 'log')
  run(log, process.execPath, ['-e', `fetch('http://example.org').catch(() => {}); require('net').connect(1, '192.0.2.1').on('error', () => {}).destroy()`])
  expect(readFileSync(log, 'utf8')).toMatch(/example\.org[^]*192\.0\.2\.1|192\.0\.2\.1[^]*example\.org/)
})

test.skipIf(process.platform === 'win32')(`the main job, the models and an engine that serves a terminal ask nothing of the network${canBeAlone ? ', and need none' : ' (no network namespace can be made here: sockets are only watched)'}`, () => {
  const folder = temporaryFolder('network')
  const log = join(folder, 'network.log')
  const photos = join(folder, 'photos')
  writePictures(photos, 24)
  writePictures(join(folder, 'more'), 6, [''])
  const winnow = `"${process.execPath}" "${cli}" --home "${join(folder, 'home')}" --quiet`
  const project = `"${join(folder, 'p.winnow')}"`
  const script = join(folder, 'job.sh')
  writeFileSync(script, `set -e
${winnow} create ${project} --root "${photos}"
${winnow} roots add ${project} "${join(folder, 'more')}"
${winnow} prepare ${project}
${winnow} decide ${project} --accept-duplicates
${winnow} export ${project} "${join(folder, 'out')}"
${winnow} verify "${join(folder, 'out')}"
${winnow} models providers
${winnow} models measure basic
${winnow} serve ${project} --json & engine=$!
until grep -q '"url":"http' ${project}/engine.json 2>/dev/null; do sleep 0.1; done
${winnow} info - --engine "$(sed 's/.*"url":"\\([^"]*\\)".*/\\1/' ${project}/engine.json)" --token "$(sed 's/.*"token":"\\([^"]*\\)".*/\\1/' ${project}/engine.json)"
${winnow} info ${project}
kill -INT $engine
wait $engine
echo all done
`)
  const { status, output } = run(log, 'sh', [script])
  expect(output).toContain('all done')
  expect(status).toBe(0)
  expect(existsSync(log) ? readFileSync(log, 'utf8') : '').toBe('')
})
