/**
 * The migrations' statements are written once, in SQLite's words. This is the small table of what PostgreSQL calls the
 * same things; SQLite is given every statement exactly as it was written.
 */
import { PostgresAdapter, sql, type Kysely } from 'kysely';

/** In order: a longer word stands before the shorter one that it contains. */
const words: readonly (readonly [RegExp, string])[] = [
  [/\bINTEGER PRIMARY KEY AUTOINCREMENT\b/g, 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY'],
  // Milliseconds and minor units do not fit into 32 bits, which is what PostgreSQL calls an integer.
  [/\bINTEGER\b/g, 'bigint'],
  // Text is ordered and compared byte by byte, as in SQLite, whatever language the server was set up in.
  [/\bTEXT\b/g, 'text COLLATE "C"'],
  [/ STRICT$/, '']
];

/** The one kind of trigger that there is: a table whose rows are kept as they were written. */
const keptForEver =
  /^CREATE TRIGGER (\w+) BEFORE (UPDATE|DELETE) ON (\w+) BEGIN SELECT RAISE\(ABORT, '([^']+)'\); END$/;

/** Made before the first migration. A trigger's function takes its sentence as an argument. */
const refusingFunction = `CREATE OR REPLACE FUNCTION till_refuse() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$`;

/** Runs one statement of a migration in the words of the database that it meets. */
export async function runDdl(db: Kysely<unknown>, statement: string): Promise<void> {
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  for (const text of isPostgres ? forPostgres(statement) : [statement]) await sql.raw(text).execute(db);
}

/** @throws where a trigger is of another kind than the one that is known here: a bug of a new migration */
export function forPostgres(statement: string): string[] {
  const trigger = keptForEver.exec(statement);
  if (trigger !== null) {
    const [, name = '', when = '', table = '', sentence = ''] = trigger;
    return [
      refusingFunction,
      `CREATE TRIGGER ${name} BEFORE ${when} ON ${table} FOR EACH ROW EXECUTE FUNCTION till_refuse('${sentence}')`,
      // Emptying a table at once is no row's deletion there.
      ...(when === 'DELETE'
        ? [
            `CREATE TRIGGER ${name}_all BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION till_refuse('${sentence}')`
          ]
        : [])
    ];
  }
  if (/\bTRIGGER\b/.test(statement)) throw new Error(`no PostgreSQL words for: ${statement}`);
  return [words.reduce((text, [ours, theirs]) => text.replace(ours, theirs), statement)];
}
