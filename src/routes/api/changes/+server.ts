import { streamChanges } from '$lib/server/api/stream-changes';
import type { RequestHandler } from './$types';

/** What changes from now on, as server-sent events. */
export const GET: RequestHandler = ({ request, locals }) => {
  const { payments, identity } = locals.app;
  const { headers } = request;
  const stream = streamChanges({
    changes: payments.changes,
    maySee: async () => (await identity.staff.session({ headers, renew: false })).staff !== null,
    signal: request.signal
  });
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // Proxies that gather answers before they pass them on would make news old.
      'x-accel-buffering': 'no'
    }
  });
};
