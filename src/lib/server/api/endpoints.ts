/** Every endpoint under `/api`, and what any of them may answer besides. */
import type { ProblemCode } from '$lib/wire/problems';
import { movesMoney, needForApi, needsContract as contractNeeded, type Need } from '../identity/access';
import { endpointGroups, type Endpoint } from './endpoint';
import { cashEndpoints } from './endpoints-cash';
import { counterEndpoints } from './endpoints-counter';
import { journalEndpoints } from './endpoints-journal';
import { officeEndpoints } from './endpoints-office';
import { productEndpoints } from './endpoints-products';
import { peopleEndpoints } from './endpoints-people';
import { settingsEndpoints } from './endpoints-settings';
import { shopEndpoints } from './endpoints-shop';

export const endpoints: readonly Endpoint[] = [
  ...shopEndpoints,
  ...settingsEndpoints,
  ...counterEndpoints,
  ...journalEndpoints,
  ...cashEndpoints,
  ...peopleEndpoints,
  ...officeEndpoints,
  ...productEndpoints
].toSorted((one, other) => endpointGroups.indexOf(one.group) - endpointGroups.indexOf(other.group));

/** The gateway's call has no page behind it. */
const calledByGateway = '/api/codepay/notify';

/** The least role, from the table that guards it. @throws for an endpoint that nobody may call */
export function needOf(endpoint: Endpoint): Need {
  const need = needForApi(called(endpoint));
  if (need === null) throw new Error(`nobody may call ${endpoint.method} ${endpoint.path}`);
  return need;
}

/** True where the request must carry the contract's version. */
export function needsContract(endpoint: Endpoint): boolean {
  return contractNeeded(called(endpoint));
}

/** True where the request must come from one of Till's own addresses. */
export function needsOrigin({ method, path }: Endpoint): boolean {
  return method === 'POST' && path !== calledByGateway;
}

/** All refusals that it may answer with. */
export function problemsOf(endpoint: Endpoint): readonly ProblemCode[] {
  const codes = new Set<ProblemCode>(endpoint.problems).add('storage_failed');
  if (endpoint.body !== undefined) codes.add('bad_request');
  if (needOf(endpoint) !== 'public') codes.add('not_signed_in').add('not_allowed');
  if (needOf(endpoint) === 'cashier') codes.delete('not_allowed');
  if (needsOrigin(endpoint)) codes.add('wrong_origin');
  if (needsContract(endpoint)) codes.add('contract_changed');
  if (movesMoney(called(endpoint))) codes.add('register_replaced').add('tab_replaced');
  return [...codes].sort();
}

function called({ method, path }: Endpoint): { readonly method: string; readonly path: string } {
  return { method, path: path.replaceAll(/\{\w+\}/g, 'id') };
}
