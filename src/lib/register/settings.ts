/** This register's own settings, kept in its browser. */
import * as v from 'valibot';

const settingsSchema = v.object({
  /** One-scan checkout: on for a scanner in the hand, off on a stand. Null: not asked yet. */
  scannerPlace: v.fallback(v.nullable(v.picklist(['hand', 'stand'])), null),
  soundOnAdd: v.fallback(v.boolean(), false),
  /** Minutes without a touch after which it asks who is selling; 0: never. */
  lockAfterMinutes: v.fallback(v.number(), 0),
  /** It asks who is selling: a reload asks again. */
  locked: v.fallback(v.boolean(), false),
  /** The session of who signed out while Till could not be reached: it is ended when it can be. */
  owesSignOut: v.fallback(v.nullable(v.string()), null),
  /** What this shop calls its other card machine. */
  cardMachine: v.fallback(v.string(), ''),
  /** The business day whose opening check was put away, `YYYY-MM-DD`. */
  openedDay: v.fallback(v.string(), ''),
  theme: v.fallback(v.picklist(['light', 'dark', 'system']), 'system')
});

export type RegisterSettings = Readonly<v.InferOutput<typeof settingsSchema>>;

export const defaultSettings: RegisterSettings = {
  scannerPlace: null,
  soundOnAdd: false,
  lockAfterMinutes: 0,
  locked: false,
  owesSignOut: null,
  cardMachine: '',
  openedDay: '',
  theme: 'system'
};

/** What was kept, where it still makes sense. */
export function readSettings(kept: unknown): RegisterSettings {
  const parsed = v.safeParse(settingsSchema, kept);
  return parsed.success ? parsed.output : defaultSettings;
}
