/** A JSON Schema as rows that a person reads. */

export interface ShapeRow {
  /** `lines[].lineId`, `discount.type` … */
  readonly field: string;
  readonly needed: boolean;
  readonly holds: string;
  /** Shapes that it is made of. */
  readonly refs: readonly string[];
}

type Schema = Readonly<Record<string, unknown>>;

/** Fields of an object, and of each kind where there are several kinds of it. */
export function shapeRows(schema: Schema): ShapeRow[] {
  const kinds = listOf(schema['oneOf']);
  if (kinds.length > 0) {
    return kinds.flatMap((kind) => {
      const name = kindOf(kind);
      return fieldsOf(kind, '')
        .filter(({ field }) => field !== 'kind')
        .map((row) => ({ ...row, field: name === null ? row.field : `${name}: ${row.field}` }));
    });
  }
  return fieldsOf(schema, '');
}

function fieldsOf(schema: Schema, before: string): ShapeRow[] {
  const needed = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  return Object.entries(isSchema(schema['properties']) ? schema['properties'] : {}).flatMap(
    ([name, property]) => {
      if (!isSchema(property)) return [];
      const field = `${before}${name}`;
      const row = { field, needed: needed.has(name), holds: holdsOf(property), refs: refsOf(property) };
      const { inner, suffix } = insideOf(property);
      return [row, ...(inner === null ? [] : fieldsOf(inner, `${field}${suffix}.`))];
    }
  );
}

/** What one value is, in words. */
function holdsOf(schema: Schema): string {
  if (typeof schema['$ref'] === 'string') return '';
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map((one) => JSON.stringify(one)).join(' | ');
  const choices = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])];
  if (choices.length > 0) {
    return choices
      .map(holdsOf)
      .filter((words) => words !== '')
      .join(', or ');
  }
  const type = typeof schema['type'] === 'string' ? schema['type'] : 'anything';
  if (type === 'array') {
    const items = isSchema(schema['items']) ? holdsOf(schema['items']) : '';
    return items === '' || items === 'object' ? 'list of' : `list of ${items}`;
  }
  const limits = [
    schema['format'],
    typeof schema['pattern'] === 'string' ? `matches ${schema['pattern']}` : undefined,
    range(schema['minLength'], schema['maxLength'], ' characters'),
    range(schema['minimum'], schema['maximum'], '')
  ].filter((limit) => limit !== undefined && limit !== '');
  return limits.length === 0 ? type : `${type}, ${limits.map(String).join(', ')}`;
}

function range(from: unknown, to: unknown, unit: string): string {
  // The limits of exact whole numbers say nothing.
  const low = typeof from === 'number' && from > Number.MIN_SAFE_INTEGER ? from : null;
  const high = typeof to === 'number' && to < Number.MAX_SAFE_INTEGER ? to : null;
  if (low !== null && high !== null) return `${low} to ${high}${unit}`;
  if (low !== null) return `at least ${low}${unit}`;
  return high === null ? '' : `at most ${high}${unit}`;
}

function refsOf(schema: Schema): string[] {
  const own = typeof schema['$ref'] === 'string' ? [schema['$ref'].split('/').at(-1) ?? ''] : [];
  const inside = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])];
  if (isSchema(schema['items'])) inside.push(schema['items']);
  return [...own, ...inside.flatMap(refsOf)];
}

/** The object inside a field, where it has no name of its own. */
function insideOf(schema: Schema): { readonly inner: Schema | null; readonly suffix: string } {
  if (isSchema(schema['properties'])) return { inner: schema, suffix: '' };
  const items = schema['items'];
  if (isSchema(items) && isSchema(items['properties'])) return { inner: items, suffix: '[]' };
  const choice = listOf(schema['anyOf']).find((one) => isSchema(one['properties']));
  return { inner: choice ?? null, suffix: '' };
}

function kindOf(schema: Schema): string | null {
  const properties = schema['properties'];
  const kind = isSchema(properties) ? properties['kind'] : undefined;
  return isSchema(kind) && typeof kind['const'] === 'string' ? kind['const'] : null;
}

function listOf(value: unknown): Schema[] {
  return Array.isArray(value) ? value.filter(isSchema) : [];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
