import {
  publishedIds,
  createKey,
  publish,
  startAllInOne,
  type IssuedKey,
  type Production,
} from '../e2e/production.ts';

/** What the first partner has agreed on; the other has documents of the same and of other names. */
const roseDocuments = {
  RoseListing:
    'query RoseListing($id: ID!, $first: Int! = 5) { vendor(id: $id) { id name contents(first: $first) { edges { node { id vendor { id } } } } } }',
  RoseEverything: `query RoseEverything {
    trending(first: 50) { id vendor { id } }
    searchContent(text: "wedding", first: 50) { edges { node { id vendor { id } } } }
    contentChanges(first: 50) { contentId content { vendor { id } } }
    categories { slug contentCount }
  }`,
  Shared: 'query Shared { trending(first: 1) { id } }',
} as const;

const elmDocuments = {
  ElmEverything: roseDocuments.RoseEverything.replace('RoseEverything', 'ElmEverything'),
  ElmMe: 'query ElmMe { me { id } }',
  ElmExport: 'query ElmExport($id: ID!) { exportUser(id: $id) { userId } }',
  Shared: 'query Shared { regions { code } }',
} as const;

/** A production with partners, as an operator sets it up by the command line. */
export interface Partners {
  readonly production: Production;
  readonly keys: {
    /** Bound to `vendor-1`. */
    readonly rose: IssuedKey;
    /** Bound to no vendor, with scope delegate. */
    readonly elm: IssuedKey;
    /** Partner and dashboard. */
    readonly insider: IssuedKey;
    readonly dashboard: IssuedKey;
    readonly backend: IssuedKey;
    readonly catalogue: IssuedKey;
    readonly expired: IssuedKey;
    readonly revoked: IssuedKey;
  };
  /** By name, the ids of all documents; of the two that are called `Shared` the first partner's. */
  readonly ids: ReadonlyMap<string, string>;
}

export async function startPartners(): Promise<Partners> {
  const production = await startAllInOne({ LOG_LEVEL: 'warn' });
  const { environment } = production;
  const key = (...options: string[]): Promise<IssuedKey> => createKey(environment, ...options);
  const scope = (...scopes: string[]): string[] => scopes.flatMap((each) => ['--scope', each]);
  const keys = {
    rose: await key(...scope('partner'), '--vendor', 'vendor-1'),
    elm: await key(...scope('partner', 'delegate')),
    insider: await key(...scope('partner', 'dashboard')),
    dashboard: await key(...scope('dashboard')),
    backend: await key(...scope('delegate', 'dashboard', 'privacy')),
    catalogue: await key(...scope('catalogue')),
    expired: await key(...scope('partner'), '--expires', '1s'),
    revoked: await key(...scope('partner')),
  };
  const publishFor = ({ id }: IssuedKey, texts: readonly string[]): Promise<void> =>
    publish(environment, texts, '--key', id);
  await publishFor(keys.rose, Object.values(roseDocuments));
  await publishFor(keys.elm, Object.values(elmDocuments));
  await publishFor(keys.insider, [roseDocuments.Shared]);
  const lists = [null, keys.elm.id, keys.rose.id].map((id) => publishedIds(environment, id));
  const ids = new Map((await Promise.all(lists)).flatMap((list) => [...list]));
  return { production, keys, ids };
}
