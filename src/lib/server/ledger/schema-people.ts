/** The tables of PINs, of badges, and of who may not sign in. */

/** A person's PIN: Argon2id of it with the server's own key, so that this table alone gives nothing away. */
export interface PinsTable {
  staff_id: string;
  digest: string;
  salt: string;
  digits: number;
  set_at_ms: number;
}

/** What stands on a person's card, as a digest with the server's own key: this table alone gives nothing away. */
export interface BadgesTable {
  staff_id: string;
  digest: string;
  made_at_ms: number;
}

/** Wrong PINs in a row, by person and register; the person `*` counts all of a register's, `*badge` its wrong badges. */
export interface PinTriesTable {
  staff_id: string;
  register_id: string;
  failures: number;
  last_at_ms: number;
  blocked_until_ms: number;
}

/** People who may not sign in any more. Nobody is deleted: their name stands on what they did. */
export interface DisabledStaffTable {
  staff_id: string;
  disabled_at_ms: number;
  disabled_by: string;
}

/** A session in which somebody proved a moment ago who they are. */
export interface StepUpsTable {
  session_id: string;
  staff_id: string;
  how: 'pin' | 'password';
  at_ms: number;
}
