import type { Changes } from '../payments/changes';

/** Tells everybody who listens that the catalogue has another version: registers fetch it, lists are read again. */
export function tellCatalogue({ changes }: { readonly changes: Changes }): void {
  changes.happened({ kind: 'catalogue', id: 'catalogue', version: null });
}
