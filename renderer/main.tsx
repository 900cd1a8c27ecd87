import './styles/mantine.css'
import './styles/tokens.css'
import './styles/base.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { startClient } from './app/client.ts'
import { followChanges, queryClient } from './app/queries.ts'
import { colorSchemeManager } from './app/colourScheme.ts'
import { cssVariablesResolver, shareStyleNonce, styleNonce, theme } from './app/theme.ts'

shareStyleNonce()
followChanges()
startClient()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} getStyleNonce={styleNonce} colorSchemeManager={colorSchemeManager} defaultColorScheme="dark">
      <Notifications position="bottom-right" limit={4} autoClose={5000} containerWidth={360} />
      <QueryClientProvider client={queryClient}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>
)
