import { TokenKind, type OperationDefinitionNode, type Token } from 'graphql';

/** The comment lines right above `operation`, which are its description for people; null where there are none. */
export function documentDescription(operation: OperationDefinitionNode): string | null {
  const lines: string[] = [];
  let token: Token | null | undefined = operation.loc?.startToken;
  while (token?.prev?.kind === TokenKind.COMMENT && token.prev.line === token.line - 1) {
    token = token.prev;
    lines.unshift(token.value.trim());
  }
  return lines.length === 0 ? null : lines.join('\n');
}
