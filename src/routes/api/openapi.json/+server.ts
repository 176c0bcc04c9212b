import { describeApi } from '$lib/server/api/describe';
import type { RequestHandler } from './$types';

/** The API's description as OpenAPI 3.1; the same for everybody. */
export const GET: RequestHandler = ({ request }) =>
  describeApi({ as: 'json', ifNoneMatch: request.headers.get('if-none-match') });
