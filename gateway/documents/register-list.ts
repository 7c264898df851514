import { parse, type GraphQLSchema } from 'graphql';
import { anyHolder } from './closed-fields.ts';
import { publicList, type DocumentList, type RegistryEntry } from './document-registry.ts';
import { equivalentIds, idOf, normalisedText, withTypenames } from './document-text.ts';
import { registerDocument, type DocumentRemark } from './register-document.ts';

/** A document as it stands on a list in the database. */
export interface PublishedDocument {
  readonly keyId: string;
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly description: string | null;
  readonly publishedAt: Date;
  /** Further ids by which the list's callers name it. */
  readonly aliases: readonly string[];
}

/** A published document that cannot be run any more. */
export interface BrokenDocument {
  readonly published: PublishedDocument;
  readonly problems: readonly DocumentRemark[];
}

/** A document in both its forms, or why there is none. */
type Forms = { readonly forms: readonly RegistryEntry[] } | { readonly problems: readonly DocumentRemark[] };

/** Turns what is published into lists, and checks each document against the schema once for as long as it lives. */
export class ListRegistrar {
  readonly #schema: GraphQLSchema;
  #known = new Map<string, Forms>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Returns a list per key, and apart the documents that do not fit the schema, which are on none. */
  register(published: readonly PublishedDocument[]): { lists: DocumentList[]; broken: BrokenDocument[] } {
    const forEverybody = new Set(published.filter(({ keyId }) => keyId === publicList).map(({ id }) => id));
    const broken: BrokenDocument[] = [];
    const lists = new Map<string, { entries: RegistryEntry[]; byId: Map<string, RegistryEntry> }>();
    const known = new Map<string, Forms>();
    for (const one of published) {
      const partner = !forEverybody.has(one.id);
      const cacheKey = `${one.id} ${partner} ${one.keyId === publicList}`;
      const forms = this.#known.get(cacheKey) ?? this.#formsOf(one, { partner });
      known.set(cacheKey, forms);
      const list = lists.get(one.keyId) ?? { entries: [], byId: new Map<string, RegistryEntry>() };
      lists.set(one.keyId, list);
      if ('problems' in forms) {
        broken.push({ published: one, problems: forms.problems });
        continue;
      }
      const [plain] = forms.forms;
      if (plain === undefined) continue;
      list.entries.push(plain);
      for (const form of forms.forms) {
        for (const id of equivalentIds(form.node, form.document.text)) list.byId.set(id, form);
      }
      for (const alias of one.aliases) list.byId.set(alias, plain);
    }
    this.#known = known;
    return { lists: [...lists].map(([keyId, list]) => ({ keyId, ...list })), broken };
  }

  #formsOf({ keyId, id, text, description }: PublishedDocument, { partner }: { partner: boolean }): Forms {
    // A key's list is held to its rules even where everybody may run the document. What the key may do was asked when the
    // document was published; a scope that it lacks is asked again when the document runs.
    const registration = registerDocument(this.#schema, text, {
      holder: keyId === publicList ? null : anyHolder,
    });
    if (!registration.accepted) return { problems: registration.problems };
    const { node } = registration;
    // The stored text has lost its comments.
    const document = { ...registration.document, partner, description };
    const plain = { document, node, publishedId: id };
    const withNames = normalisedText(withTypenames(node));
    if (withNames === document.text) return { forms: [plain] };
    const apollo = { ...document, id: idOf(withNames), text: withNames };
    return { forms: [plain, { document: apollo, node: parse(withNames), publishedId: id }] };
  }
}
