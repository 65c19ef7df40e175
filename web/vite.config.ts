import { fileURLToPath } from 'node:url';
import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// In development the API runs beside Vite; in production the server serves both from one origin.
const api = process.env.TRUNKLINE_URL ?? 'http://127.0.0.1:8080';

// Small modules that every page has, and every page of a company. Each in a file of its own, which is
// what the bundler makes of what pages share, would be larger together.
const BASE =
  /^lib\/(bidi|last-company|remembered|session-end|time|time-range|time-span)$|^words\/(language|time)$/;
const SHELL = new RegExp(
  [
    '^lib/(call-name|call-state|commands|company|keyboard|palette|permissions|phone',
    'recent-calls|session-expired|shortcuts|time-zone|toast|units|use-now|use-poll)$',
    '^words/(call-outcome|call-state|commands|lib|shell)$',
  ].join('|'),
);

/** `lib/time` of the path of a module of ours. */
const moduleName = (id: string) => /\/src\/([^?]+)\.tsx?$/.exec(id)?.[1] ?? '';

export default defineConfig({
  plugins: [
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      generatedRouteTree: './src/route-tree.gen.ts',
      quoteStyle: 'single',
      semicolons: true,
    }),
    react(),
  ],
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  // The server replaces this placeholder with a fresh nonce in every page it sends.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    manifest: true,
    sourcemap: false,
    // The policy has no data: source for fonts and scripts, so nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Sentences are constants of a catalogue; the bundle has them where they are said.
      optimization: { inlineConst: true },
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/,
              priority: 3,
            },
            {
              name: 'router',
              test: /node_modules[\\/]@tanstack[\\/](react-router|router-core|history|react-store|store)[\\/]/,
              priority: 2,
            },
            {
              // Apart from the router, because the signed-out pages need no data layer.
              name: 'data',
              test: /node_modules[\\/](urql|@urql|wonka|@0no-co)[\\/]/,
              priority: 2,
            },
            { name: 'base', test: (id) => BASE.test(moduleName(id)), priority: 2 },
            { name: 'shell', test: (id) => SHELL.test(moduleName(id)), priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/graphql': api, '/auth': api } },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    css: false,
    // A page test takes a second; on a machine with much else to do it may take ten.
    testTimeout: 20_000,
  },
});
