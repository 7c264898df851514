import {
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql';

/** A field of a document that is for scope dashboard. */
export interface DashboardField {
  /** `Type.field` */
  readonly name: string;
  readonly node: FieldNode;
}

/** How the schema says it, in the field's description. */
const marker = /\bscope dashboard\b/i;

/** The fields of `document` that are null without scope dashboard, which no partner's document may select. */
export function dashboardFieldsOf(schema: GraphQLSchema, document: DocumentNode): DashboardField[] {
  const types = new TypeInfo(schema);
  const found: DashboardField[] = [];
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: (node) => {
        const field = types.getFieldDef();
        if (field?.description != null && marker.test(field.description)) {
          found.push({ name: `${types.getParentType()?.name}.${field.name}`, node });
        }
      },
    }),
  );
  return found;
}
