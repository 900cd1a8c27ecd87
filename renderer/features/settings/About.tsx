import { Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { queries, useProject } from '../../app/queries.ts'
import { Facts } from '../../components/Inspector.tsx'
import { formatBytes, formatCount } from '../../components/format.ts'
import { go } from '../../app/route.ts'
import css from './Settings.module.css'

/** What Winnow is, what it is made of, and what it does not do. */
export function About() {
  const { data: info } = useQuery(queries.appInfo)
  const { data: project } = useProject()
  return (
    <section className={css.section}>
      <h2>About Winnow</h2>
      <Text mb="xs">Everything happens on this machine. Winnow sends nothing anywhere: no telemetry, no account, no update check. Your images are read and never written to.</Text>
      {info && (
        <Facts rows={[
          ['Version', info.version],
          ['Engine', `Node ${info.node.replace(/^v/, '')} on ${info.platform}, ${formatCount(info.cores, 'core')}, ${formatBytes(info.memoryBytes)} memory`],
          ['Window', info.face === 'desktop' ? 'desktop' : 'browser'],
          ['Project data', project?.folder],
          ['Models', <Anchor key="models" component="button" fz={13} onClick={() => go('models')}>what runs here, and how fast</Anchor>],
          ['Licence', 'MIT. Made with ONNX Runtime, sharp and libvips, SQLite, faiss, React, Mantine, Tabler icons, oRPC and zod, each under its own licence (MIT, Apache-2.0, BSD, ISC; libvips LGPL-3.0; SQLite public domain). The texts: THIRD-PARTY-NOTICES.txt beside an installed Winnow, otherwise in each package’s folder in node_modules.']
        ]} />
      )}
    </section>
  )
}
