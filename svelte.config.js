import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
const config = {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
  kit: {
    adapter: adapter({ precompress: true }),
    // Our own, stricter Origin check in hooks.server.ts covers every mutating request; Kit's would
    // refuse the payment gateway's webhook before any hook runs (docs/decisions/0004).
    csrf: { trustedOrigins: ['*'] },
    csp: {
      directives: {
        'default-src': ['self'],
        'script-src': ['self'],
        // Components set sizes and colours of single elements by style attributes.
        'style-src': ['self', 'unsafe-inline'],
        'img-src': ['self', 'data:', 'blob:'],
        'connect-src': ['self'],
        'object-src': ['none'],
        'base-uri': ['self'],
        'form-action': ['self'],
        'frame-ancestors': ['none']
      }
    },
    // Registered by our own pages: a new version waits until nothing is at the counter.
    serviceWorker: { register: false },
    version: { pollInterval: 0 }
  }
};

export default config;
