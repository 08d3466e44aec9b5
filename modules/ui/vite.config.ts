import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// `npm run dev` shows the sources as they are saved, over a node that runs: SONDE says where.
const node = process.env['SONDE'] ?? 'http://127.0.0.1:8081';

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: 'target/classes/io/sonde/ui/web',
    emptyOutDir: true,
    target: 'es2022',
    // What is small enough would be written into the page, which its Content-Security-Policy forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': node, '/readyz': node } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], restoreMocks: true },
  resolve: process.env['VITEST'] ? { conditions: ['browser'] } : {},
});
