/** PINs of people on enrolled registers, tries of them, and who may not sign in any more. */
export const peopleStatements: readonly string[] = [
  `CREATE TABLE pins (
    staff_id TEXT PRIMARY KEY, digest TEXT NOT NULL, salt TEXT NOT NULL, digits INTEGER NOT NULL, set_at_ms INTEGER NOT NULL) STRICT`,
  // By person and register; the person '*' counts all of a register's.
  `CREATE TABLE pin_tries (
    staff_id TEXT NOT NULL, register_id TEXT NOT NULL, failures INTEGER NOT NULL, last_at_ms INTEGER NOT NULL,
    blocked_until_ms INTEGER NOT NULL, PRIMARY KEY (staff_id, register_id)) STRICT`,
  `CREATE TABLE disabled_staff (staff_id TEXT PRIMARY KEY, disabled_at_ms INTEGER NOT NULL, disabled_by TEXT NOT NULL) STRICT`
];
