import { describe, expect, it } from 'vitest';
import { createLog } from './log';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  write(createLog({ write: (line) => void (text += line) }));
  return text;
}

describe('createLog', () => {
  it('keeps secrets out, wherever they stand', () => {
    const text = logged((log) => {
      log.info({ password: 's3cret', request: { paymentCode: 's3cret', psn: '42' } }, 'x');
    });
    expect(text).not.toContain('s3cret');
    expect(text).toContain('42');
  });

  it("writes an error's words and place, and nothing that hangs on it", () => {
    const error = Object.assign(new Error('broke', { cause: new Error('deeper') }), {
      request: { body: 's3cret' },
      code: 'EPIPE'
    });
    const text = logged((log) => log.error({ error }, 'x'));
    expect(text).not.toContain('s3cret');
    expect(JSON.parse(text)).toMatchObject({
      error: { message: 'broke', code: 'EPIPE', cause: { message: 'deeper' } }
    });
  });
});
