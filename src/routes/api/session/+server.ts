import { json, type Cookies } from '@sveltejs/kit';
import type { App } from '$lib/server/app';
import { readCatalogueVersion } from '$lib/server/catalogue/catalogue-version';
import { readShop } from '$lib/server/catalogue/shop';
import { readRegisterCookie, setRegisterCookie } from '$lib/server/identity/register-cookie';
import { problem } from '$lib/server/problem';
import { contractVersion } from '$lib/wire/basics';
import type { Register, Session, Staff } from '$lib/wire/shop';
import type { RequestHandler } from './$types';

/** Who is signed in, on which register, in which shop. In training a browser becomes a register by itself. */
export const GET: RequestHandler = async ({ locals, cookies }) => {
  const { app, staff, sessionId } = locals;
  const shop = await readShop({ ledger: app.ledger });
  if (shop === null) {
    return problem({
      code: 'not_found',
      detail: 'This shop is not set up yet. Open the link that Till printed in its terminal when it started.'
    });
  }
  let register = locals.register;
  if (register === null && staff !== null && app.config.mode === 'training') {
    const token = readRegisterCookie({ cookies });
    // one that was replaced may still hold entries, which it hands in by this very cookie: a person decides what it becomes
    const former = token === null ? null : await app.identity.registers.findJournalSender(token);
    if (former === null) register = await enrolForTraining({ app, staff, cookies });
  }
  if (register !== null) await app.identity.registerBook.seen(register.registerId);
  const session: Session = {
    contractVersion,
    mode: app.config.mode,
    shop,
    staff,
    sessionId,
    register:
      register === null
        ? null
        : {
            ...register,
            lastOrderSeq: await app.identity.registers.lastOrderSeq(register),
            journalSeq: (await app.journals.standing(register)).lastSeq
          },
    catalogueVersion: await readCatalogueVersion(app.ledger.db),
    timeScale: app.config.timeScale
  };
  return json(session);
};

async function enrolForTraining({
  app,
  staff,
  cookies
}: {
  readonly app: App;
  readonly staff: Staff;
  readonly cookies: Cookies;
}): Promise<Register | null> {
  const enrolled = await app.identity.registers.enrol({ name: null, registerId: null, by: staff.name });
  if (enrolled === null) return null;
  setRegisterCookie({ cookies, token: enrolled.token, origin: app.config.origin });
  return enrolled.register;
}
