import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/** The console: one page, no inline script or style, so that it lives under the strictest content security policy. */
export default defineConfig({
  base: '/',
  plugins: [preact({ prefreshEnabled: false })],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome118',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: false,
  },
});
