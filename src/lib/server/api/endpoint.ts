/** What is written down about an endpoint, so that its description can be made from it. */
import type { ProblemCode } from '$lib/wire/problems';
import type { SchemaName } from './named-schemas';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly description: string;
  /** JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly example?: string | number;
}

/** In the order in which they are read. */
export const endpointGroups = [
  'Signing in',
  'People',
  'The shop',
  'Products',
  'Orders',
  'Journals',
  'Payments',
  'Refunds',
  'Cash',
  'The day',
  "The manager's desk",
  'Changes',
  'Gateway',
  'This description'
] as const;
export type EndpointGroup = (typeof endpointGroups)[number];

export interface Answer {
  readonly status: number;
  readonly description: string;
  /** JSON of this shape; with `mediaType`, what such an answer is made of. */
  readonly schema?: SchemaName;
  readonly mediaType?: string;
}

export interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** As called: `/api/orders/{id}`. */
  readonly path: string;
  /** The route that serves it, where it is not the same with square brackets. */
  readonly route?: string;
  readonly group: EndpointGroup;
  /** A few words. */
  readonly title: string;
  readonly description: string;
  readonly parameters?: readonly Parameter[];
  readonly body?: SchemaName;
  readonly answers: readonly Answer[];
  /** Only from a browser that is enrolled as a register. */
  readonly register?: boolean;
  /** Refusals of its own; what every endpoint may answer is added from the table of access. */
  readonly problems?: readonly ProblemCode[];
}

/** The id in a path. */
export function idParameter(description: string): Parameter {
  return {
    name: 'id',
    in: 'path',
    description,
    schema: { type: 'string' },
    example: '0190f3c81a7b4d5e8f60718293a4b5c6'
  };
}

/** How a question is held open until there is news. */
export const waitParameters: readonly Parameter[] = [
  {
    name: 'after',
    in: 'query',
    description: 'The version that is known: the answer comes when there is a higher one.',
    schema: { type: 'integer', minimum: 0 },
    example: 3
  },
  {
    name: 'waitMs',
    in: 'query',
    description:
      'How long to wait for it, in milliseconds; then the answer is as things stand. At most 10,000.',
    schema: { type: 'integer', minimum: 0, default: 0 },
    example: 8000
  }
];
