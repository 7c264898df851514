import { readFile } from 'node:fs/promises';
import type { OutgoingHttpHeaders } from 'node:http';
import type { RequestHandler } from '#platform/http/http-server.ts';
import { sendBytes } from '../send.ts';

/** Where the page to read and try the description stands. */
const docsPath = '/docs/';

interface PageFile {
  readonly location: URL;
  readonly type: string;
}

const script = 'text/javascript; charset=utf-8';
const style = 'text/css; charset=utf-8';

const files: ReadonlyMap<string, PageFile> = new Map([
  ['', own('index.html', 'text/html; charset=utf-8')],
  ['page.css', own('page.css', style)],
  ['start-page.js', own('start-page.js', script)],
  ['swagger-ui.css', kept('swagger-ui.css', style)],
  ['swagger-ui-bundle.js', kept('swagger-ui-bundle.js', script)],
  ['favicon-32x32.png', kept('favicon-32x32.png', 'image/png')],
]);

/** Nothing from another server and nothing inline; Swagger UI's icons are `data:` pictures. */
const headers: OutgoingHttpHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cache-control': 'public, max-age=3600',
};

/** Returns the handler of one file of the page, or null for a path that is none of its files. */
export function docsPage(path: string): RequestHandler | null {
  if (`${path}/` === docsPath) return redirectToPage;
  const file = path.startsWith(docsPath) ? files.get(path.slice(docsPath.length)) : undefined;
  if (file === undefined) return null;
  return async (_request, response) => {
    sendBytes(response, 200, await readFile(file.location), { ...headers, 'content-type': file.type });
  };
}

const redirectToPage: RequestHandler = (_request, response) => {
  response.writeHead(302, { location: docsPath });
  response.end();
  return Promise.resolve();
};

function own(name: string, type: string): PageFile {
  return { location: new URL(name, import.meta.url), type };
}

/** A file of the package `swagger-ui-dist`. */
function kept(name: string, type: string): PageFile {
  return { location: new URL(name, import.meta.resolve('swagger-ui-dist/package.json')), type };
}
