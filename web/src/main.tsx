import '@fontsource-variable/inter/index.css';
import './kit-styles';
import './global.css';
import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { styleNonce } from '~/lib/nonce';
import { router } from './router';
import { cssVariables, theme } from './theme';

// After a deploy a lazily loaded file of the old build may be gone. Loading the page again fixes
// that; the mark keeps a file that is really broken from reloading for ever.
window.addEventListener('vite:preloadError', (event) => {
  if (sessionStorage.getItem('trunkline-reloaded') === window.location.href) return;
  sessionStorage.setItem('trunkline-reloaded', window.location.href);
  event.preventDefault();
  window.location.reload();
});

const nonce = styleNonce();
setNonce(nonce);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <RouterProvider router={router} />
    </MantineProvider>
  </StrictMode>,
);
