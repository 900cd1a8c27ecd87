/** Scans the project of a bench in a process of its own, so that a test can kill it: prints how many images are committed. */
import { scanBench } from './scanBench.ts'

const bench = await scanBench({}, process.argv[2] as string)
if ((await bench.roots.list()).length === 0) await bench.add()
setInterval(async () => {
  const { ready } = await bench.project.read.images.counts()
  console.log(ready)
}, 20)
await bench.scan()
console.log('done')
process.exit(0)
