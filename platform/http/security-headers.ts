import type { ServerResponse } from 'node:http';

/** What an answer that is no page may load and be framed by: nothing (CSP level 3). */
const nothing = "default-src 'none'; frame-ancestors 'none'";

/**
 * What a page that brings its own scripts, styles and fonts may do, such as GraphiQL: run them, start workers from
 * them, and call this server.
 */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "worker-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Sets what every answer carries. A page sets `pagePolicy` itself. HSTS is left to the proxy that ends TLS: only it
 * knows whether every host of the domain is served over TLS.
 */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('content-security-policy', nothing);
}
