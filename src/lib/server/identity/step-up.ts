/**
 * Proving again who one is before money goes back: by PIN up to the shop's limit, by the password above it, and by nothing
 * for five minutes after that, in the same session. What people sign in with, and the limit itself, need the password. A
 * PIN never opens what needs it.
 */
import type { Ledger } from '$lib/server/ledger/ledger';
import type { Role } from '$lib/wire/basics';
import type { ProblemCode } from '$lib/wire/problems';
import type { Proof, ProofNeeded } from '$lib/wire/refunds';
import type { Register, Staff } from '$lib/wire/shop';
import { pinDigits, type Pins } from './pins';
import type { StaffDirectory } from './staff';

/** So long one proof is good for. It is not renewed by what it lets through. */
export const stepUpMs = 5 * 60_000;

/** Who asks, from where, for how much. */
export interface StepUpAsked {
  readonly staff: Staff;
  /** The session that they are signed in by. */
  readonly sessionId: string;
  /** The register that this browser is; null for none: there a PIN counts nothing. */
  readonly register: Pick<Register, 'registerId'> | null;
  /** All that goes back, with what went back just before; null: no money, an act that always needs the password. */
  readonly amountMinor: number | null;
  /** What the act needs of a role: so long the PIN must be. */
  readonly leastRole: Role;
}

export type StepUpDone =
  | { readonly ok: true; readonly by: 'password' | 'pin' | 'remembered' }
  | {
      readonly ok: false;
      readonly code: Extract<ProblemCode, 'wrong_password' | 'too_many_tries' | 'proof_needed'>;
      readonly detail: string;
      readonly extra?: Record<string, unknown>;
    };

export interface StepUps {
  /** What a page has to ask for. */
  needs(asked: StepUpAsked): Promise<ProofNeeded>;
  /** Checks the proof, and remembers it. */
  prove(asked: StepUpAsked & { readonly proof: Proof }): Promise<StepUpDone>;
}

export function createStepUps({
  ledger,
  directory,
  pins
}: {
  readonly ledger: Ledger;
  readonly directory: Pick<StaffDirectory, 'verifyPassword' | 'verifyPin'>;
  readonly pins: Pick<Pins, 'lengths'>;
}): StepUps {
  async function remembered({ sessionId, staff }: StepUpAsked): Promise<'pin' | 'password' | null> {
    const row = await ledger.db
      .selectFrom('step_ups')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where('staff_id', '=', staff.staffId)
      .executeTakeFirst();
    const age = row === undefined ? Infinity : ledger.nowMs() - row.at_ms;
    // a clock that was set back proves nothing
    return row !== undefined && age >= 0 && age < stepUpMs ? row.how : null;
  }

  async function remember({ sessionId, staff }: StepUpAsked, how: 'pin' | 'password'): Promise<void> {
    const now = ledger.nowMs();
    await ledger.transaction(
      async (trx) => {
        await trx
          .deleteFrom('step_ups')
          .where('at_ms', '<', now - stepUpMs)
          .execute();
        await trx
          .insertInto('step_ups')
          .values({ session_id: sessionId, staff_id: staff.staffId, how, at_ms: now })
          .onConflict((conflict) =>
            conflict.column('session_id').doUpdateSet({ staff_id: staff.staffId, how, at_ms: now })
          )
          .execute();
      },
      { repeatable: true }
    );
  }

  async function pinIsEnough(asked: StepUpAsked): Promise<boolean> {
    if (asked.register === null || asked.amountMinor === null) return false;
    const shop = await ledger.db.selectFrom('shop').select('refund_pin_limit_minor').executeTakeFirst();
    return asked.amountMinor <= (shop?.refund_pin_limit_minor ?? 0);
  }

  async function needs(asked: StepUpAsked): Promise<ProofNeeded> {
    const before = await remembered(asked);
    if (before === 'password') return 'nothing';
    if (!(await pinIsEnough(asked))) return 'password';
    if (before === 'pin') return 'nothing';
    const digits = (await pins.lengths()).get(asked.staff.staffId) ?? 0;
    return digits >= pinDigits(asked.staff.role) ? 'pin' : 'password';
  }

  return {
    needs,
    async prove(asked) {
      const { staff, register, proof } = asked;
      const undone = asked.amountMinor === null ? 'Nothing was changed' : 'Nothing was given back';
      if (proof.password !== undefined) {
        const check = await directory.verifyPassword({ staffId: staff.staffId, password: proof.password });
        if (!check.ok) return refusal(check, 'password', undone);
        await remember(asked, 'password');
        return { ok: true, by: 'password' };
      }
      if (proof.pin !== undefined && register !== null && (await pinIsEnough(asked))) {
        const check = await directory.verifyPin({
          staffId: staff.staffId,
          pin: proof.pin,
          registerId: register.registerId,
          leastRole: asked.leastRole
        });
        if (!check.ok) return refusal(check, 'PIN', undone);
        // a PIN does not take the place of a password that was typed a moment ago
        if ((await remembered(asked)) === null) await remember(asked, 'pin');
        return { ok: true, by: 'pin' };
      }
      const needed = await needs(asked);
      if (needed === 'nothing') return { ok: true, by: 'remembered' };
      return {
        ok: false,
        code: 'proof_needed',
        detail:
          needed === 'pin'
            ? `${undone} yet. Type your own PIN or password, then send it again.`
            : `${undone} yet: this needs your password. Type it, then send it again.`,
        extra: { needs: needed }
      };
    }
  };
}

function refusal(
  check:
    | { readonly ok: false; readonly reason: 'wrong_password' | 'wrong_pin' }
    | { readonly ok: false; readonly reason: 'too_many_tries'; readonly waitMs: number },
  what: 'password' | 'PIN',
  undone: string
): StepUpDone {
  if (check.reason !== 'too_many_tries') {
    return {
      ok: false,
      code: 'wrong_password',
      detail: `The ${what} is not right. ${undone}. Type your own ${what} again.`
    };
  }
  const seconds = Math.ceil(check.waitMs / 1000);
  return {
    ok: false,
    code: 'too_many_tries',
    detail: `The ${what} was wrong too often. ${undone}. Try again in ${seconds} s.`,
    extra: { seconds }
  };
}
