/** The API's description as OpenAPI 3.1, made from the wire's schemas, the table of access and the list of endpoints. */
import { toJsonSchemaDefs } from '@valibot/to-json-schema';
import { contractVersion, contractVersionHeader } from '$lib/wire/basics';
import { writerHeader } from '$lib/wire/writer-stamp';
import type { ProblemCode } from '$lib/wire/problems';
import { statusOf, wordsOf } from '../problem';
import type { Answer, Endpoint, Parameter } from './endpoint';
import { endpoints, needOf, needsContract, needsOrigin, problemsOf } from './endpoints';
import { examples } from './examples';
import { namedSchemas } from './named-schemas';

type Json = Readonly<Record<string, unknown>>;

export interface OpenApiDocument extends Json {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>;
    readonly parameters: Readonly<Record<string, Json>>;
    readonly securitySchemes: Readonly<Record<string, Json>>;
  };
}

const about = `Till's own pages speak this, and so may other programs of the shop.

- **Money** is a whole number of the currency's smallest unit (\`amountMinor\`) beside an ISO currency; never a fraction.
- **Ids** of orders, payments and refunds are made by who asks: 32 random hex digits. The same request may be sent again with the same id and is carried out once.
- **Errors** are problem details (RFC 9457) with a stable \`code\`. \`detail\` says what happened, whether money moved, and what to do.
- **No answer is not "no"**: a payment whose request got no answer is asked for by its id, and shut by \`void\` before another is tried.
- **Origin**: a request that changes something needs the header \`Origin\` with Till's own address, whoever sends it.
- **Contract**: a request that changes something needs the header \`${contractVersionHeader}\` with the version of this description, ${contractVersion}; signing in and out, journals and the gateway’s notifications are taken without.
- **Writer**: a register's page says with the header \`${writerHeader}\` which of its tabs it is; one that was replaced is refused wherever money moves.
- **Payment codes** are secrets: in the body of the one request that needs them and nowhere else.`;

/** The whole description. */
export function openApiDocument(): OpenApiDocument {
  const paths: Record<string, Record<string, Json>> = {};
  for (const endpoint of endpoints) {
    (paths[endpoint.path] ??= {})[endpoint.method.toLowerCase()] = operationOf(endpoint);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Till',
      version: String(contractVersion),
      summary: 'A web point of sale for wallet payments.',
      description: about,
      license: { name: 'MIT', identifier: 'MIT' }
    },
    servers: [{ url: '/' }],
    tags: [...new Set(endpoints.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: {
      schemas: componentSchemas(),
      parameters: {
        Origin: {
          name: 'Origin',
          in: 'header',
          required: true,
          description: 'Till’s own address. Browsers send it by themselves; other programs set it.',
          schema: { type: 'string', format: 'uri' }
        },
        Contract: {
          name: contractVersionHeader,
          in: 'header',
          required: true,
          description: 'The version of the contract that the sender was written for.',
          schema: { type: 'string', const: String(contractVersion) }
        },
        Writer: {
          name: writerHeader,
          in: 'header',
          required: false,
          description:
            'The register’s epoch and the number of the tab that writes its journal, `2.17`. Whoever sends a lower number than the highest one seen is refused.',
          schema: { type: 'string', pattern: '^[1-9]\\d*\\.[1-9]\\d*$' }
        }
      },
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'till.session_token',
          description: 'Set by signing in. Over https its name begins with `__Secure-`.'
        },
        register: {
          type: 'apiKey',
          in: 'cookie',
          name: 'till.register',
          description: 'Set by making the browser a register.'
        }
      }
    }
  };
}

/** The schemas of `lib/wire` as JSON Schema: what may stand on the wire, before defaults are filled in. */
function componentSchemas(): Record<string, Json> {
  const definitions = toJsonSchemaDefs(namedSchemas, {
    target: 'draft-2020-12',
    typeMode: 'input',
    // Surrounding space is taken away: no rule that a schema could state.
    ignoreActions: ['trim'],
    overrideRef: ({ referenceId }) => refTo(referenceId)
  });
  return Object.fromEntries(
    Object.entries(definitions).map(([name, schema]) => {
      const example: unknown = Reflect.get(examples, name);
      return [name, { ...schema, ...(example === undefined ? {} : { examples: [example] }) }];
    })
  );
}

function operationOf(endpoint: Endpoint): Json {
  const { title, description, group, method, path, body, register } = endpoint;
  const need = needOf(endpoint);
  const parameters = [
    ...(endpoint.parameters ?? []).map(parameterOf),
    ...(needsOrigin(endpoint) ? [{ $ref: '#/components/parameters/Origin' }] : []),
    ...(needsContract(endpoint) ? [{ $ref: '#/components/parameters/Contract' }] : []),
    ...(needsContract(endpoint) ? [{ $ref: '#/components/parameters/Writer' }] : [])
  ];
  return {
    operationId: operationId(method, path),
    summary: title,
    description,
    tags: [group],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: { $ref: refTo(body) } } } }
        }),
    responses: { ...answersOf(endpoint.answers), ...problemAnswers(problemsOf(endpoint)) },
    security: need === 'public' ? [] : [{ session: [], ...(register === true ? { register: [] } : {}) }],
    'x-till-role': need
  };
}

/** `GET /api/orders/{id}` → `getOrdersById` */
function operationId(method: string, path: string): string {
  const words = path
    .replace('/api/', '')
    .replaceAll(/\{(\w+)\}/g, 'by-$1')
    .split(/[^a-zA-Z]+/);
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function parameterOf({ name, in: place, description, schema, example }: Parameter): Json {
  return {
    name,
    in: place,
    required: place === 'path',
    description,
    schema,
    ...(example === undefined ? {} : { example })
  };
}

/** Answers of one status are one entry: its shape is any of theirs. */
function answersOf(answers: readonly Answer[]): Record<string, Json> {
  const byStatus = Object.groupBy(answers, ({ status }) => String(status));
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, same = []]) => {
      const schemas = same.flatMap(({ schema }) => (schema === undefined ? [] : [{ $ref: refTo(schema) }]));
      const described = { description: same.map(({ description }) => description).join(' ') };
      const type = same[0]?.mediaType ?? (schemas.length > 0 ? 'application/json' : null);
      if (type === null) return [status, described];
      const isText = type.startsWith('text/');
      const schema = isText
        ? { type: 'string' }
        : schemas.length > 1
          ? { anyOf: schemas }
          : (schemas[0] ?? {});
      return [status, { ...described, content: { [type]: { schema } } }];
    })
  );
}

function problemAnswers(codes: readonly ProblemCode[]): Record<string, Json> {
  const byStatus = Object.groupBy(codes, (code) => String(statusOf(code)));
  const answers = Object.entries(byStatus).map(([status, same = []]): [string, Json] => [
    status,
    {
      description: same.map((code) => `\`${code}\`: ${wordsOf(code)}`).join('\n\n'),
      content: {
        'application/problem+json': {
          schema: { allOf: [{ $ref: refTo('Problem') }, { properties: { code: { enum: same } } }] }
        }
      }
    }
  ]);
  const unexpected = {
    description: `\`server_error\`: ${wordsOf('server_error')}`,
    content: { 'application/problem+json': { schema: { $ref: refTo('Problem') } } }
  };
  return { ...Object.fromEntries(answers), default: unexpected };
}

function refTo(name: string): string {
  return `#/components/schemas/${name}`;
}
