// Runs in the browser: shows what the caller may send, which a key or a token given under "Authorize" changes.

/** @typedef {{ apiKey?: { value: string }, bearer?: { value: string } }} Given */
/** @typedef {{ specActions: { download: () => void } }} System */

const SwaggerUIBundle = Reflect.get(globalThis, 'SwaggerUIBundle');

/**
 * Headers, kept in this page's memory alone: a secret has no place in the browser's storage.
 * @type {Record<string, string>}
 */
let credentials = {};

const describeForCaller = {
  statePlugins: {
    auth: {
      wrapActions: {
        /** @type {(original: (given: Given) => unknown, system: System) => (given: Given) => unknown} */
        authorize: (original, system) => (given) => {
          if (given.apiKey !== undefined) credentials = { 'x-api-key': given.apiKey.value };
          if (given.bearer !== undefined) credentials = { authorization: `Bearer ${given.bearer.value}` };
          const result = original(given);
          system.specActions.download();
          return result;
        },
        /** @type {(original: (names: string[]) => unknown, system: System) => (names: string[]) => unknown} */
        logout: (original, system) => (names) => {
          credentials = {};
          const result = original(names);
          system.specActions.download();
          return result;
        },
      },
    },
  },
};

SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#description',
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [describeForCaller],
  /** @type {(request: { loadSpec?: boolean, headers: Record<string, string> }) => object} */
  requestInterceptor: (request) =>
    request.loadSpec === true ? { ...request, headers: { ...request.headers, ...credentials } } : request,
});
