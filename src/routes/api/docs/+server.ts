import { describeApi } from '$lib/server/api/describe';
import type { RequestHandler } from './$types';

/** The API's description as a page to read. */
export const GET: RequestHandler = ({ request }) =>
  describeApi({ as: 'page', ifNoneMatch: request.headers.get('if-none-match') });
