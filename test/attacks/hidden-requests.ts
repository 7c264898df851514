const hidden = 'GET /healthz HTTP/1.1\r\nHost: bouquet\r\n\r\n';
const query = '{"query":"{ __typename }"}';

/** The start of a request that is well so far. */
export const requestHead = 'POST /graphql HTTP/1.1\r\nHost: bouquet\r\nContent-Type: application/json\r\n';

/** Requests in whose body another hides, from whoever reads the one or the other length (RFC 9112, section 6.3). */
export const hiddenRequests: readonly string[] = [
  `Content-Length: ${query.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${hidden}`,
  `Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
  `Content-Length: ${query.length}, 0\r\n\r\n${query}${hidden}`,
  `Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${hidden}`,
  `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`,
  `Transfer-Encoding:\u000Bchunked\r\n\r\n0\r\n\r\n${hidden}`,
].map((rest) => `${requestHead}${rest}`);
