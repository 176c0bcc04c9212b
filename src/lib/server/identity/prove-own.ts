/** The proof that lets an admin change what people sign in with, and what a PIN is good for: their own password. */
import type { StepUpDone, StepUps } from './step-up';

/**
 * What a service calls where a change needs the proof.
 *
 * @param ownPassword as typed; left out where it was not asked for yet, or where this session had it a moment ago
 */
export function proveOwn({
  locals,
  ownPassword
}: {
  readonly locals: Pick<App.Locals, 'staff' | 'sessionId'> & {
    readonly app: { readonly identity: { readonly stepUps: Pick<StepUps, 'prove'> } };
  };
  readonly ownPassword: string | undefined;
}): () => Promise<StepUpDone> {
  return async () => {
    const { staff, sessionId, app } = locals;
    if (staff === null || sessionId === null)
      return { ok: false, code: 'proof_needed', detail: 'Nobody is signed in here any more. Sign in again.' };
    return app.identity.stepUps.prove({
      staff,
      sessionId,
      register: null,
      amountMinor: null,
      leastRole: 'admin',
      proof: { password: ownPassword }
    });
  };
}
