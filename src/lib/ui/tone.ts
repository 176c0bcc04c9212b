/** The six ways a payment can stand, and plain: the only things that colour may say (`app.css`, `data-tone`). */
export const tones = ['plain', 'paid', 'waiting', 'unknown', 'not-paid', 'stopped', 'needs-you'] as const;
export type Tone = (typeof tones)[number];
