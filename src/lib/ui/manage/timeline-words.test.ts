import { describe, expect, test } from 'vitest';
import { spokenOf, timelineSteps, type TimelineEntry } from './timeline-words';

function entry(over: Partial<TimelineEntry>): TimelineEntry {
  return {
    at: '2026-11-23T10:42:00.000Z',
    subject: 'attempt',
    what: 'looked_again',
    actor: 'gateway',
    from: null,
    to: null,
    psn: null,
    code: null,
    message: null,
    amountMinor: null,
    ...over
  };
}

describe('the log of a payment', () => {
  test('says of a stop what became of it, and calls nothing an answer that was none', () => {
    const texts = ['accepted', 'busy', 'refused', 'not_found', 'unanswered'].map(
      (standing) => timelineSteps([entry({ what: `cancel_${standing}` })]).map(({ text }) => text)[0]
    );
    expect(new Set(texts).size).toBe(5);
    for (const text of texts) expect(text).not.toContain('_');
    const [step] = timelineSteps([entry({ what: 'cancel_unanswered' })]);
    expect(step).toMatchObject({ actor: 'Till', text: expect.stringContaining('No answer') });
    expect(timelineSteps([entry({ what: 'cancel_answered' })])[0]?.text).not.toContain('answered');
  });

  test('says in what an answer is about something else, though the call itself was understood', () => {
    const said = entry({ what: 'answer_differs', code: '0', message: 'amount differs' });
    expect(timelineSteps([said])[0]?.text).toContain('something else');
    expect(spokenOf(said)).toBe('amount differs');
  });

  test('shows a code with its words, and nothing of a call that was only understood', () => {
    expect(spokenOf(entry({ code: 'E7', message: 'paying now' }))).toBe('E7 · paying now');
    expect(spokenOf(entry({ code: '0', message: 'Success' }))).toBe('');
    expect(spokenOf(entry({ message: 'timeout · after 10 s' }))).toBe('timeout · after 10 s');
  });
});
