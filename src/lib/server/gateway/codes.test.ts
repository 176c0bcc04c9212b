import { describe, expect, it } from 'vitest';
import { classOfCode, codeTable } from './codes';

describe('the table of codes', () => {
  it('has each code once', () => {
    expect(new Set(codeTable.map((row) => row.code)).size).toBe(codeTable.length);
  });

  it('gives the sandbox a code for every class', () => {
    const classes = codeTable.filter((row) => row.origin === 'sandbox').map((row) => row.codeClass);
    expect([...new Set(classes)].sort()).toEqual([
      'balance',
      'busy',
      'clock',
      'duplicate_number',
      'final_refused',
      'merchant',
      'not_created',
      'not_found',
      'signature',
      'system',
      'unknown_code'
    ]);
  });

  it('calls a code "nothing was created" only when it was seen to mean that', () => {
    const rows = codeTable.filter((row) => row.codeClass === 'not_created');
    expect(rows.map((row) => row.standing)).not.toContain('assumed');
    expect(classOfCode('E10007')).toBe('not_created');
  });

  it.each(['00', '0 ', '', 'E99999', 'e10007', '__proto__', 'constructor'])(
    'takes %j neither for success nor for a refusal that it knows',
    (code) => {
      expect(classOfCode(code)).toBe('unknown_code');
    }
  );

  it('has one code for success', () => {
    expect(classOfCode('0')).toBe('ok');
  });
});
