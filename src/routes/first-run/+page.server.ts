import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { currencyCodes } from '$lib/money/currency';
import type { FirstRun } from '$lib/server/identity/first-run';
import { carryOver, trainingBeside } from '$lib/server/catalogue/carry-over';
import { setRegisterCookie } from '$lib/server/identity/register-cookie';
import { firstRunSchema } from '$lib/server/identity/first-run';
import type { Actions, PageServerLoad } from './$types';

/** The first run, where the address has its token; nobody learns here whether a shop was ever set up. */
function openFirstRun({ locals, url }: { locals: App.Locals; url: URL }): {
  firstRun: FirstRun;
  token: string;
} {
  const firstRun = locals.app.identity.firstRun;
  const token = url.searchParams.get('token') ?? '';
  if (firstRun === null || !firstRun.isOpen(token)) {
    error(
      404,
      'This link does not work any more. Start Till again: while there are no users, it prints a new one.'
    );
  }
  return { firstRun, token };
}

export const load: PageServerLoad = ({ locals, url, setHeaders, request }) => {
  openFirstRun({ locals, url });
  setHeaders({ 'cache-control': 'no-store' });
  return {
    hasTraining: trainingBeside(locals.app.config.folder) !== null,
    currencies: currencyCodes,
    timeZones: Intl.supportedValuesOf('timeZone'),
    serverTimeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    locale: request.headers.get('accept-language')?.split(/[,;]/)[0] ?? ''
  };
};

export const actions: Actions = {
  default: async ({ request, locals, url, cookies }) => {
    const { firstRun, token } = openFirstRun({ locals, url });
    const given = Object.fromEntries(await request.formData());
    const parsed = v.safeParse(firstRunSchema, given);
    if (!parsed.success) {
      const wrong = parsed.issues.map((issue) => String(issue.path?.[0]?.key));
      // What was typed comes back into its fields, but the password.
      const { password: _, ...kept } = given;
      const texts = Object.entries(kept).filter(
        (field): field is [string, string] => typeof field[1] === 'string'
      );
      return fail(400, { wrong, given: Object.fromEntries(texts) });
    }
    const { output: answers } = parsed;
    const admin = await firstRun.complete({ token, answers });
    if (admin === null) return fail(409, { wrong: [], given: {} });
    const { config, identity, ledger, log } = locals.app;
    // This browser is the shop's first register.
    const enrolled = await identity.registers.enrol({ name: null, registerId: null, by: admin.name });
    if (enrolled !== null) setRegisterCookie({ cookies, token: enrolled.token, origin: config.origin });
    const training = answers.carryOver === undefined ? null : trainingBeside(config.folder);
    if (training !== null) {
      const { products, people, disabled, problem } = await carryOver({
        from: training,
        ledger,
        by: admin.name,
        currency: answers.currency,
        staff: (from) => identity.carryStaff({ training: from, by: admin.name }),
        onFault: (cause) => log.warn({ error: cause }, 'training could not be taken over')
      });
      const said = new URLSearchParams({ products: String(products), people: String(people) });
      if (disabled > 0) said.set('disabled', String(disabled));
      if (problem !== null) said.set('problem', problem);
      redirect(303, `/sign-in?from=training&${said.toString()}`);
    }
    redirect(303, '/sign-in');
  }
};
