import { json, type Cookies } from '@sveltejs/kit';
import * as v from 'valibot';
import type { App } from '$lib/server/app';
import { readRegisterCookie } from '$lib/server/identity/register-cookie';
import type { JournalSender } from '$lib/server/journal/journal-sender';
import { problem, readBody } from '$lib/server/problem';
import { sendJournalSchema } from '$lib/wire/journal';
import type { RequestHandler } from './$types';

const epochSchema = v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.toNumber(), v.minValue(1));

/** Where a register's journal of `?epoch=` stands. */
export const GET: RequestHandler = async ({ url, locals, cookies }) => {
  const epoch = v.safeParse(epochSchema, url.searchParams.get('epoch'));
  if (!epoch.success) {
    return problem({
      code: 'bad_request',
      detail: 'An epoch is a whole number from 1 on. No money moved. Reload this page.'
    });
  }
  const sender = await senderOf({ app: locals.app, cookies, epoch: epoch.output });
  if (sender instanceof Response) return sender;
  return json(await locals.app.journals.standing({ registerId: sender.registerId, epoch: epoch.output }));
};

/** Takes entries of a register's journal. */
export const POST: RequestHandler = async ({ request, locals, cookies }) => {
  const body = await readBody({ request, schema: sendJournalSchema });
  if (!body.ok) return body.response;
  const sender = await senderOf({ app: locals.app, cookies, epoch: body.value.epoch });
  if (sender instanceof Response) return sender;
  return json(await locals.app.journals.receive({ sender, batch: body.value }));
};

/** By the register's token, never by who is signed in. A browser may hand in its own epoch and older ones. */
async function senderOf({
  app,
  cookies,
  epoch
}: {
  readonly app: App;
  readonly cookies: Cookies;
  readonly epoch: number;
}): Promise<JournalSender | Response> {
  const token = readRegisterCookie({ cookies });
  const sender = token === null ? null : await app.identity.registers.findJournalSender(token);
  if (sender === null) return problem({ code: 'register_unknown' });
  return epoch > sender.epoch ? problem({ code: 'register_replaced' }) : sender;
}
