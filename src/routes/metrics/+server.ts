import { isMetricsToken } from '$lib/server/health/metrics-token';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** Figures for Prometheus, for who has the token; without one in the settings there is no such page. */
export const GET: RequestHandler = async ({ locals, request }) => {
  const { metricsToken } = locals.app.config;
  const { headers } = request;
  if (!isMetricsToken({ token: metricsToken, authorization: headers.get('authorization') })) {
    return problem({ code: 'not_found' });
  }
  const { text, contentType } = await locals.app.metrics.read();
  return new Response(text, { headers: { 'content-type': contentType } });
};
