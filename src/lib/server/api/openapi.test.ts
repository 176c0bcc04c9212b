import { readdirSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { contractVersionHeader } from '$lib/wire/basics';
import { problemCodes } from '$lib/wire/problems';
import { statusOf } from '../problem';
import { endpoints, needOf, needsContract, needsOrigin } from './endpoints';
import { examples } from './examples';
import { namedSchemas } from './named-schemas';
import { openApiDocument } from './openapi';

const document = openApiDocument();
type Found = Readonly<Record<string, unknown>>;

/** Every object in the document, with where it stands. */
function* walk(value: unknown, at = '#'): Generator<{ readonly at: string; readonly found: Found }> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield { at, found: value as Found };
  for (const [key, inside] of Object.entries(value)) yield* walk(inside, `${at}/${key}`);
}

function resolve(ref: string): unknown {
  return ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((inside, key) => (inside as Found | undefined)?.[key], document);
}

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation }))
);

describe('the description', () => {
  test('has an entry for every method of every route under /api, and no other', () => {
    const served = readdirSync('src/routes/api', { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('+server.ts'))
      .flatMap((file) => {
        const source = readFileSync(`src/routes/api/${file}`, 'utf8');
        const methods = [...source.matchAll(/^export const (GET|POST|PUT|PATCH|DELETE)\b/gm)];
        return methods.map(([, method]) => `${method} /api/${file.replace(/\/?\+server\.ts$/, '')}`);
      });
    const described = endpoints.map(
      ({ method, path, route }) => `${method} ${route ?? path.replaceAll('{', '[').replaceAll('}', ']')}`
    );
    expect([...new Set(described)].sort()).toEqual(served.sort());
  });

  test('names each endpoint once, by method and path and by its operation', () => {
    const names = endpoints.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(names).size).toBe(names.length);
    const ids = operations.map(({ operation }) => operation['operationId']);
    expect(new Set(ids).size).toBe(operations.length);
    expect(operations).toHaveLength(endpoints.length);
  });

  test('says the role that the table of access asks for, and which cookies', () => {
    for (const endpoint of endpoints) {
      const operation = document.paths[endpoint.path]?.[endpoint.method.toLowerCase()];
      const need = needOf(endpoint);
      expect(operation?.['x-till-role']).toBe(need);
      const schemes = (operation?.['security'] as Found[]).flatMap((one) => Object.keys(one));
      expect(schemes).toEqual(
        need === 'public' ? [] : endpoint.register === true ? ['session', 'register'] : ['session']
      );
    }
  });

  test('asks for the Origin wherever something changes, the webhook aside, and for the contract but for journals and signing in', () => {
    for (const endpoint of endpoints) {
      const operation = document.paths[endpoint.path]?.[endpoint.method.toLowerCase()];
      const asked = JSON.stringify(operation?.['parameters'] ?? []);
      const changes = endpoint.method === 'POST' && endpoint.path !== '/api/codepay/notify';
      expect([needsOrigin(endpoint), asked.includes('parameters/Origin')]).toEqual([changes, changes]);
      expect(asked.includes('parameters/Contract')).toBe(needsContract(endpoint));
    }
    expect(document.components.parameters['Contract']?.['name']).toBe(contractVersionHeader);
    expect(endpoints.filter(needsContract).length).toBeGreaterThan(8);
  });

  test('lists only refusals that exist, each under its status, and every code that there is somewhere', () => {
    const listed = new Set<string>(['server_error']);
    for (const { operation } of operations) {
      for (const [status, answer] of Object.entries(operation['responses'] as Record<string, Found>)) {
        for (const { found } of walk(answer)) {
          const codes = (found['properties'] as { code?: { enum?: string[] } } | undefined)?.code?.enum;
          for (const code of codes ?? []) {
            expect(problemCodes).toContain(code);
            expect(String(statusOf(code as (typeof problemCodes)[number]))).toBe(status);
            listed.add(code);
          }
        }
      }
    }
    expect(problemCodes.filter((code) => !listed.has(code))).toEqual([]);
  });

  test('refers to nothing that is not there', () => {
    const refs = [...walk(document)].flatMap(({ found }) =>
      typeof found['$ref'] === 'string' ? [found['$ref']] : []
    );
    expect(refs.length).toBeGreaterThan(50);
    expect(refs.filter((ref) => !ref.startsWith('#/components/') || resolve(ref) === undefined)).toEqual([]);
  });

  test('uses every shape that it names', () => {
    const text = JSON.stringify(document);
    const unused = Object.keys(namedSchemas).filter(
      (name) => !text.includes(`"#/components/schemas/${name}"`)
    );
    // The stream's data are no body of an answer.
    expect(unused).toEqual(['Change', 'Hello']);
  });
});

describe('the document is OpenAPI 3.1', () => {
  test('in its fixed parts', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document['info']).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    expect(Object.keys(document).sort()).toEqual([
      'components',
      'info',
      'openapi',
      'paths',
      'servers',
      'tags'
    ]);
    for (const name of Object.keys(document.components.schemas)) expect(name).toMatch(/^[\w.-]+$/);
  });

  test('in every operation: answers with words, parameters of its path and no others', () => {
    for (const { path, method, operation } of operations) {
      expect(['get', 'post']).toContain(method);
      const answers = operation['responses'] as Record<string, Found>;
      expect(
        Object.keys(answers).some((status) => /^2\d\d$/.test(status)),
        path
      ).toBe(true);
      for (const [status, answer] of Object.entries(answers)) {
        expect(status).toMatch(/^([1-5]\d\d|default)$/);
        expect(answer['description']).toEqual(expect.any(String));
      }
      const given = ((operation['parameters'] ?? []) as Found[]).filter(({ $ref }) => $ref === undefined);
      const inPath = given.filter((one) => one['in'] === 'path');
      expect(inPath.map(({ name }) => name)).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      );
      for (const parameter of inPath) expect(parameter['required']).toBe(true);
      for (const scheme of (operation['security'] as Found[]).flatMap((one) => Object.keys(one))) {
        expect(document.components.securitySchemes).toHaveProperty(scheme);
      }
      if (method === 'get') expect(operation['requestBody']).toBeUndefined();
      const tags = (document['tags'] as Found[]).map(({ name }) => name);
      for (const tag of operation['tags'] as string[]) expect(tags).toContain(tag);
    }
  });

  test('in every schema: JSON Schema 2020-12, without words of older drafts', () => {
    const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
    for (const { at, found } of walk(document.components.schemas, '#/schemas')) {
      // What is named by us rather than by JSON Schema, and examples, which are data.
      if (/\/(properties|examples(\/.*)?)$|^#\/schemas$/.test(at) || at.includes('/examples/')) continue;
      expect(Object.keys(found), at).not.toContain('nullable');
      if ('type' in found)
        expect(
          [found['type']].flat().every((type) => types.includes(String(type))),
          at
        ).toBe(true);
      if ('exclusiveMinimum' in found) expect(typeof found['exclusiveMinimum'], at).toBe('number');
      if ('required' in found) {
        const properties = Object.keys(found['properties'] ?? {});
        expect(properties, at).toEqual(expect.arrayContaining(found['required'] as string[]));
      }
      if ('pattern' in found) expect(() => new RegExp(String(found['pattern']), 'u'), at).not.toThrow();
      for (const list of ['anyOf', 'oneOf', 'allOf', 'enum', 'required'] as const) {
        if (list in found) expect(Array.isArray(found[list]), at).toBe(true);
      }
      expect(Array.isArray(found['items']), at).toBe(false);
    }
  });
});

describe('an example', () => {
  test.each(Object.entries(examples))('of %s has the shape that it shows', (name, example) => {
    const schema: v.GenericSchema = namedSchemas[name as keyof typeof namedSchemas];
    const read = v.safeParse(schema, example);
    expect(read.issues?.map((issue) => [v.getDotPath(issue), issue.message]) ?? []).toEqual([]);
    // As it stands on the wire.
    expect(JSON.parse(JSON.stringify(example))).toEqual(example);
  });

  test('is given for every body that is asked for', () => {
    const bodies = endpoints.flatMap(({ body }) => (body === undefined ? [] : [body]));
    expect(bodies.filter((name) => examples[name] === undefined)).toEqual([]);
  });

  test('shows no payment code and no password', () => {
    expect(JSON.stringify(examples)).not.toMatch(/"\d{16,24}"/);
    expect(JSON.stringify(document)).not.toContain('"password":"training"');
  });
});
