export type SoundName =
  'added' | 'unknown' | 'code_taken' | 'paid' | 'not_paid' | 'not_confirmed' | 'needs_you';

/** Sounds are a port: Web Audio in the page, a list in tests. */
export interface Sounds {
  /** False until a tap allowed sound: then the screen shows "Tap for sound". */
  readonly unlocked: boolean;
  /** Call it from a tap (the sign-in button will do). */
  unlock(): Promise<boolean>;
  play(name: SoundName): void;
}
