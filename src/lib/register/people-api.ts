/** The staff page's side of the server. Passwords and PINs go in bodies only and are in no result; a new badge is in its own and in no other. */
import {
  changedPersonSchema,
  peopleSchema,
  personSchema,
  type AddPerson,
  type ChangedPerson,
  type ChangePerson,
  type Person
} from '$lib/wire/people';
import { call, shaped, type ApiResult, type SendRequest } from './api';

export interface PeopleApi {
  list(): Promise<ApiResult<readonly Person[]>>;
  add(person: AddPerson): Promise<ApiResult<Person>>;
  change(staffId: string, change: ChangePerson): Promise<ApiResult<ChangedPerson>>;
}

export function createPeopleApi(send: SendRequest): PeopleApi {
  return {
    list: () =>
      call(send, { method: 'get', path: '/api/people', read: (json) => shaped(peopleSchema)(json)?.people }),
    add: (person) =>
      call(send, { method: 'post', path: '/api/people', json: person, read: shaped(personSchema) }),
    change: (staffId, change) =>
      call(send, {
        method: 'post',
        path: `/api/people/${encodeURIComponent(staffId)}`,
        json: change,
        read: shaped(changedPersonSchema)
      })
  };
}
