// A request as the reader edits it, and as curl and JavaScript write it.
import { base } from '../../base.js';
import { quoted } from '../../shell.js';

/** What a call sends, in the form of the inputs: everything a text, queries and headers as pairs. */
export function requestOf({ method, path, query = {}, headers = {}, body, type = 'application/json' }) {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body, null, 2);
  return { method, path, query: Object.entries(query), headers: Object.entries(headers), body: text, type };
}

/** The path with its query; what is empty is left out, but for `cursor`, which begins empty. */
export function target({ path, query }) {
  const given = sent(query);
  return given.length > 0 ? `${path}?${given.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}` : path;
}

/** The headers that the request brings of itself. */
export function headersOf({ headers, body, type }) {
  return Object.fromEntries([...(body === undefined ? [] : [['Content-Type', type]]), ...headers.filter(([, value]) => value !== '')]);
}

/** For a shell in which `TOKEN` is an access token. */
export function toCurl(request, file) {
  const { method, path, query, body } = request;
  // Without a body, curl can put the parameters together itself, which reads better.
  const asData = body === undefined && sent(query).length > 0;
  const lines = [
    ['curl -sS', method !== natural(request) && `-X ${method}`, asData && '-G', quoted(base + (asData ? path : target(request)))].filter(Boolean).join(' '),
    `-H "Authorization: Bearer $TOKEN"`,
    ...Object.entries(headersOf(request)).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(asData ? sent(query).map(([name, value]) => `--data-urlencode ${quoted(`${name}=${value}`)}`) : []),
    body !== undefined && `${request.type === 'application/json' ? '-d' : '--data-binary'} ${quoted(body)}`,
    file && `-o ${quoted(file)}`,
  ];
  return lines.filter(Boolean).join(' \\\n  ');
}

/** For a program in which `token` is an access token. */
export function toJavaScript(request, { isText = false } = {}) {
  const { method, path, query, body } = request;
  const given = sent(query);
  const names = given.map(([name, value]) => `  ${key(name)}: ${literal(value)},\n`).join('');
  const address = given.length > 0 ? `\`${templated(base + path)}?\${query}\`` : literal(base + path);
  const headers = Object.entries(headersOf(request)).map(([name, value]) => `    ${key(name)}: ${literal(value)},\n`).join('');
  return [
    given.length > 0 && `const query = new URLSearchParams({\n${names}});`,
    `const answer = await fetch(${address}, {`,
    method !== 'GET' && `  method: '${method}',`,
    `  headers: {\n    Authorization: \`Bearer \${token}\`,\n${headers}  },`,
    body !== undefined && `  body: ${bodyLiteral(request)},`,
    '});',
    `console.log(answer.status, await answer.${isText || method === 'DELETE' ? 'text' : 'json'}());`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** The method that curl takes by itself. */
function natural({ body }) {
  return body === undefined ? 'GET' : 'POST';
}

function sent(query) {
  return query.filter(([name, value]) => value !== '' || name === 'cursor');
}

/** JSON stands there as it is, since it is JavaScript, too; what is none, or is a text, as a text. */
function bodyLiteral({ body, type }) {
  if (type !== 'application/json') return literal(body);
  try {
    return `JSON.stringify(${JSON.stringify(JSON.parse(body), null, 2).replaceAll('\n', '\n  ')})`;
  } catch {
    return literal(body);
  }
}

const key = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : literal(name));

/** A text in single quotes. */
function literal(text) {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

const templated = (text) => text.replace(/[`\\$]/g, '\\$&');
