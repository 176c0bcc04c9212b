/**
 * Moves a shop from SQLite to PostgreSQL: every table, whoever made it, in one transaction, with counts and sums of money
 * compared before it is committed.
 */
import { sql, type Kysely } from 'kysely';
import { insideTransaction } from './inside-transaction';
import type { Ledger } from './ledger';

/** What was copied of one table, and that both sides agree on it. */
export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
  /** Minor units by column. */
  readonly sumsMinor: Readonly<Record<string, number>>;
}

/** Nothing was copied. Its message is for the terminal. */
export class CopyRefused extends Error {}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly counted: boolean;
}

/** PostgreSQL takes 65,535 values in one statement. */
const mostValues = 20_000;

/**
 * @param options.from a ledger on SQLite that nobody writes to meanwhile: it is locked while it is read
 * @param options.to an empty ledger on PostgreSQL with all its tables, those of sign-in too
 * @throws {@link CopyRefused} where the target holds anything, or where both do not agree at the end
 */
export async function copyLedger(options: { from: Ledger; to: Ledger }): Promise<CopiedTable[]> {
  const { from, to } = options;
  if (from.engine !== 'sqlite' || to.engine !== 'postgres') {
    throw new CopyRefused('A shop is moved from a SQLite file to a PostgreSQL database, not otherwise.');
  }
  return from.transaction(async (source) => {
    const tables = await tablesInOrder(source);
    // A transaction of another database: neither waits for the other.
    return insideTransaction.exit(() =>
      to.transaction(async (target) => {
        const copied: CopiedTable[] = [];
        for (const table of tables) {
          if ((await lookAt(target, table, [])).rows > 0) {
            throw new CopyRefused(
              `The target is not empty: ${table} has rows. Nothing was copied. Name a new database.`
            );
          }
        }
        for (const table of tables) copied.push(await copyTable({ source, target, table }));
        return copied;
      })
    );
  });
}

async function copyTable(options: {
  source: Kysely<never> | Parameters<Parameters<Ledger['transaction']>[0]>[0];
  target: Parameters<Parameters<Ledger['transaction']>[0]>[0];
  table: string;
}): Promise<CopiedTable> {
  const { source, target, table } = options;
  const columns = await columnsOf(target, table);
  const names = columns.map(({ name }) => name);
  const { rows } = await sql<Record<string, unknown>>`SELECT * FROM ${sql.table(table)}`.execute(source);
  const missing = Object.keys(rows[0] ?? {}).filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new CopyRefused(`The target's ${table} has no ${missing.join(', ')}. Nothing was copied.`);
  }
  const atOnce = Math.max(1, Math.floor(mostValues / Math.max(1, columns.length)));
  for (let first = 0; first < rows.length; first += atOnce) {
    const values = rows
      .slice(first, first + atOnce)
      .map((row) => sql`(${sql.join(columns.map((column) => forColumn(row[column.name], column)))})`);
    await sql`INSERT INTO ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
      OVERRIDING SYSTEM VALUE VALUES ${sql.join(values)}`.execute(target);
  }
  for (const { name } of columns.filter(({ counted }) => counted)) {
    // The next row goes on where the file stopped.
    await sql`SELECT setval(pg_get_serial_sequence(${table}, ${name}), greatest(max(${sql.ref(name)}), 1), max(${sql.ref(name)}) IS NOT NULL)
      FROM ${sql.table(table)}`.execute(target);
  }
  const money = names.filter((name) => name.endsWith('_minor'));
  const before = await lookAt(source, table, money);
  const after = await lookAt(target, table, money);
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    throw new CopyRefused(
      `${table} is not the same on both sides (${JSON.stringify(before)} and ${JSON.stringify(after)}). Nothing was copied.`
    );
  }
  return { table, ...after };
}

type AnyConnection = Parameters<typeof copyTable>[0]['source'];

async function lookAt(
  db: AnyConnection,
  table: string,
  money: readonly string[]
): Promise<{ rows: number; sumsMinor: Record<string, number> }> {
  const sums = money.map((name) => sql`, coalesce(sum(${sql.ref(name)}), 0) AS ${sql.ref(name)}`);
  const found = await sql<Record<string, number>>`SELECT count(*) AS "rows" ${
    sums.length === 0 ? sql`` : sql.join(sums, sql``)
  } FROM ${sql.table(table)}`.execute(db);
  const { rows = 0, ...sumsMinor } = found.rows[0] ?? {};
  return { rows, sumsMinor };
}

/** Those that others refer to stand first. */
async function tablesInOrder(db: AnyConnection): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table'
    AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'kysely%' ORDER BY name`.execute(db);
  const left = new Map<string, Set<string>>();
  for (const { name } of rows) {
    const keys = await sql<{ table: string }>`SELECT "table" FROM pragma_foreign_key_list(${name})`.execute(
      db
    );
    left.set(name, new Set(keys.rows.map(({ table }) => table).filter((table) => table !== name)));
  }
  const ordered: string[] = [];
  while (left.size > 0) {
    const next = [...left].find(([, needs]) => [...needs].every((need) => !left.has(need)));
    if (next === undefined) throw new CopyRefused('The tables refer to each other in a circle.');
    ordered.push(next[0]);
    left.delete(next[0]);
  }
  return ordered;
}

async function columnsOf(db: AnyConnection, table: string): Promise<Column[]> {
  const { rows } = await sql<{ name: string; type: string; counted: string }>`
    SELECT column_name AS name, data_type AS type, is_identity AS counted FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = ${table} ORDER BY ordinal_position`.execute(db);
  if (rows.length === 0) throw new CopyRefused(`The target has no table ${table}. Nothing was copied.`);
  return rows.map(({ name, type, counted }) => ({ name, type, counted: counted === 'YES' }));
}

/** SQLite knows no booleans and no times; sign-in's tables have both. */
function forColumn(value: unknown, column: Column): unknown {
  if (value === null || value === undefined) return null;
  if (column.type === 'boolean') return value === 1 || value === 'true';
  if (column.type.startsWith('timestamp') && typeof value === 'number') return new Date(value);
  return value;
}
