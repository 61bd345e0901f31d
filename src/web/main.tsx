/** Start of the browser half: colours and words first, so that nothing flashes; then the page asked for. */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './app/font.css'
import './app/app.css'
import { setCaller } from './app/api.ts'
import { startAppearance } from './app/appearance.ts'
import { House } from './app/house.tsx'
import { startI18n } from './app/i18n.ts'
import { watchParts } from './app/missing-part.ts'
import { queries } from './app/queries.ts'
import { goToLogin, router } from './app/router.tsx'

startAppearance()
watchParts()
setCaller({ onSignedOut: goToLogin })
await startI18n()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <House>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </House>
  </StrictMode>,
)
