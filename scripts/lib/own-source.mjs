import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const lib = new URL('../../src/lib/', import.meta.url);

/** Lets plain Node read our TypeScript as the bundler does: `$lib/…`, and paths without `.ts`. */
export function readOwnSource() {
  registerHooks({
    resolve(specifier, context, next) {
      const asked = specifier.startsWith('$lib/') ? new URL(specifier.slice(5), lib).href : specifier;
      if (/^(file:|\.)/.test(asked) && !/\.[a-z]+$/.test(asked)) {
        const file = new URL(`${asked}.ts`, context.parentURL);
        if (existsSync(fileURLToPath(file))) return next(file.href, context);
      }
      return next(asked, context);
    }
  });
}
