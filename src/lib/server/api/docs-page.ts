/** The API's description as one page to read: no scripts, nothing loaded, the house's ink on paper. */
import { contractVersionHeader } from '$lib/wire/basics';
import { problemCodes } from '$lib/wire/problems';
import { statusOf, wordsOf } from '../problem';
import { docsStyle } from './docs-style';
import type { Endpoint } from './endpoint';
import { endpoints, needOf, needsContract, needsOrigin, problemsOf } from './endpoints';
import type { OpenApiDocument } from './openapi';
import { shapeRows } from './shape-rows';

/** @returns the page, and its one style sheet for the page's content security policy */
export function docsPage(document: OpenApiDocument): { readonly html: string; readonly style: string } {
  const groups = Object.entries(Object.groupBy(endpoints, ({ group }) => group));
  const shapes = Object.entries(document.components.schemas);
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Till’s API</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>${docsStyle}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<nav aria-label="On this page">
<p class="name">Till’s API</p>
<ul>
<li><a href="#about">Before you begin</a></li>
${groups
  .map(
    ([group, members]) =>
      `<li><a href="#${slug(group)}">${text(group)}</a><ul>${members
        .map((one) => `<li><a href="#${anchorOf(one)}">${text(one.title)}</a></li>`)
        .join('')}</ul></li>`
  )
  .join('\n')}
<li><a href="#problems">Problems</a></li>
<li><a href="#shapes">Shapes</a></li>
</ul>
</nav>
<main id="content" tabindex="-1">
<h1>Till’s API</h1>
<p class="lead">Contract ${text(infoOf(document, 'version'))}, as <a href="/api/openapi.json">OpenAPI 3.1</a> for programs.</p>
<section id="about" aria-label="Before you begin" class="card">${prose(infoOf(document, 'description'))}</section>
${groups.map(([group, members]) => `<h2 id="${slug(group)}">${text(group)}</h2>\n${members.map(endpointCard).join('\n')}`).join('\n')}
<h2 id="problems">Problems</h2>
<p>An answer that is an error is a problem document with one of these codes. Programs decide by the code; <code>detail</code> is for people.</p>
<div class="wide" role="region" aria-label="Problems" tabindex="0"><table>
<thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">What happened, whether money moved, what to do</th></tr></thead>
<tbody>${problemCodes
    .map(
      (code) =>
        `<tr id="problem-${slug(code)}"><th scope="row"><code>${code}</code></th><td>${statusOf(code)}</td><td>${text(wordsOf(code))}</td></tr>`
    )
    .join('\n')}</tbody>
</table></div>
<h2 id="shapes">Shapes</h2>
${shapes.map(([name, schema]) => shapeCard(name, schema)).join('\n')}
</main>
</body>
</html>
`;
  return { html, style: docsStyle };
}

function endpointCard(endpoint: Endpoint): string {
  const { method, path, title, description, parameters = [], body, answers } = endpoint;
  const need = needOf(endpoint);
  const who =
    need === 'public'
      ? 'Anybody'
      : `${need.charAt(0).toUpperCase()}${need.slice(1)}${need === 'admin' ? '' : ' and above'}`;
  const facts: [string, string][] = [
    ['Who', `${who}${endpoint.register === true ? ', on an enrolled register' : ''}`],
    ...(needsOrigin(endpoint) || needsContract(endpoint)
      ? [
          [
            'Headers',
            [
              ...(needsOrigin(endpoint) ? ['<code>Origin</code>'] : []),
              ...(needsContract(endpoint) ? [`<code>${contractVersionHeader}</code>`] : [])
            ].join(', ')
          ] satisfies [string, string]
        ]
      : []),
    ...parameters.map(({ name, in: place, description: what }): [string, string] => [
      `<code>${text(name)}</code>`,
      `${marked(what)} <small>(${place})</small>`
    ]),
    ...(body === undefined ? [] : [['Body', shapeLink(body)] satisfies [string, string]]),
    ...answers.map(({ status, description: what, schema }): [string, string] => [
      String(status),
      `${schema === undefined ? '' : `${shapeLink(schema)}: `}${marked(what)}`
    ]),
    [
      'Problems',
      problemsOf(endpoint)
        .map((code) => `<a href="#problem-${slug(code)}"><code>${code}</code></a>`)
        .join(', ') || 'None of its own'
    ]
  ];
  return `<section class="card" aria-labelledby="${anchorOf(endpoint)}">
<h3 id="${anchorOf(endpoint)}">${text(title)}</h3>
<p class="call"><span class="method ${method.toLowerCase()}">${method}</span> <code>${text(path)}</code></p>
<p>${marked(description)}</p>
<dl>${facts.map(([name, what]) => `<dt>${name}</dt><dd>${what}</dd>`).join('')}</dl>
</section>`;
}

function shapeCard(name: string, schema: Readonly<Record<string, unknown>>): string {
  const rows = shapeRows(schema);
  const example: unknown = Array.isArray(schema['examples']) ? schema['examples'][0] : undefined;
  const table =
    rows.length === 0
      ? ''
      : `<div class="wide" role="region" aria-label="Fields of ${text(name)}" tabindex="0"><table>
<thead><tr><th scope="col">Field</th><th scope="col">Holds</th></tr></thead>
<tbody>${rows
          .map(
            ({ field, needed, holds, refs }) =>
              `<tr><th scope="row"><code>${text(field)}</code>${needed ? '' : ' <small>may be missing</small>'}</th><td>${text(holds)}${refs.map((ref) => ` ${shapeLink(ref)}`).join('')}</td></tr>`
          )
          .join('\n')}</tbody>
</table></div>`;
  const shown =
    example === undefined
      ? ''
      : `<details><summary>Example</summary><pre tabindex="0"><code>${text(JSON.stringify(example, null, 2))}</code></pre></details>`;
  return `<section class="card" aria-labelledby="shape-${text(name)}"><h3 id="shape-${text(name)}">${text(name)}</h3>${table}${shown}</section>`;
}

function shapeLink(name: string): string {
  return `<a href="#shape-${text(name)}">${text(name)}</a>`;
}

function anchorOf({ method, path }: Endpoint): string {
  return slug(`${method} ${path}`);
}

function slug(words: string): string {
  return words
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function infoOf(document: OpenApiDocument, name: string): string {
  const info = document['info'];
  const value: unknown = typeof info === 'object' && info !== null ? Reflect.get(info, name) : undefined;
  return String(value);
}

/** The little Markdown that the description uses: paragraphs, a list, bold and code. */
function prose(markdown: string): string {
  return markdown
    .split('\n\n')
    .map((block) =>
      block.startsWith('- ')
        ? `<ul>${block
            .split('\n')
            .map((line) => `<li>${marked(line.replace(/^- /, ''))}</li>`)
            .join('')}</ul>`
        : `<p>${marked(block)}</p>`
    )
    .join('\n');
}

function marked(words: string): string {
  return text(words)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
}

function text(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
