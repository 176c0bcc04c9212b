/** Who sends a request to the register's endpoints: as session and register token say, never as the body says. */
import type { Register, Staff } from '$lib/wire/shop';
import type { Sender } from './store-order';

/** @returns null where nobody is signed in, or this browser is no register */
export function senderOf(locals: {
  readonly staff: Staff | null;
  readonly register: Register | null;
  readonly aheadMs?: number | undefined;
}): Sender | null {
  const { staff, register, aheadMs } = locals;
  if (staff === null || register === null) return null;
  return {
    staffId: staff.staffId,
    staffName: staff.name,
    registerId: register.registerId,
    registerCode: register.code,
    registerEpoch: register.epoch,
    ...(aheadMs === undefined ? {} : { aheadMs })
  };
}
