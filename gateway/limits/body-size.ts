import type { IncomingMessage } from 'node:http';
import type { OperationDefinitionNode } from 'graphql';
import { hasScope, type Caller } from '#platform/caller/caller.ts';
import { announcedBytes, maxBatchBodyBytes, maxBodyBytes } from '#platform/http/body.ts';
import { isBatchOperation } from './large-batches.ts';

/**
 * Bytes that the body of a request may have before it is known what it asks for: over 100 KB only for a caller who is known,
 * and who tells the length, as every client does that has the body at hand.
 */
export function largestBody(request: Pick<IncomingMessage, 'headers'>, caller: Caller): number {
  const isKnown = caller.kind !== 'anonymous' || hasScope(caller, 'catalogue');
  return isKnown && announcedBytes(request) > 0 ? maxBatchBodyBytes : maxBodyBytes;
}

/** The same where its operation is known before its body, as it is in REST. */
export function largestBodyOf(
  operation: OperationDefinitionNode,
  request: Pick<IncomingMessage, 'headers'>,
  caller: Caller,
): number {
  const mayBeLarge = hasScope(caller, 'catalogue') || isBatchOperation(operation);
  return mayBeLarge ? largestBody(request, caller) : maxBodyBytes;
}

/** How many requests it counts for: one, and one more for each further 100 KB. What is refused unread counts once. */
export function requestsOf(request: Pick<IncomingMessage, 'headers'>, caller: Caller): number {
  const bytes = announcedBytes(request);
  return bytes > largestBody(request, caller) ? 1 : Math.max(1, Math.ceil(bytes / maxBodyBytes));
}
