import { json } from '@sveltejs/kit';
import { finishTask } from '$lib/server/desk/finish-task';
import { problem, readBody } from '$lib/server/problem';
import { doneTaskSchema } from '$lib/wire/desk';
import type { RequestHandler } from './$types';

/** Marks a task done, with a word and a name. Moves no money. */
export const POST: RequestHandler = async ({ params, request, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const taskId = /^\d{1,15}$/.test(params.id) ? Number(params.id) : null;
  if (taskId === null) return problem({ code: 'not_found' });
  const body = await readBody({ request, schema: doneTaskSchema });
  if (!body.ok) return body.response;
  const result = await finishTask({
    ledger: app.ledger,
    staff: { staffId: staff.staffId, staffName: staff.name },
    taskId,
    why: body.value.why
  });
  return result.ok ? json({ done: true }) : problem(result);
};
