import { signedCallerHeader, type CallerSigner } from '#platform/caller/signed-caller.ts';
import type { Executor } from '@graphql-mesh/transport-common';
import { requestOf } from './request-context.ts';

/** Adds the signed caller, and nothing of the client's own headers, to each fetch of `http`. */
export function remoteExecutor(http: Executor, signer: CallerSigner): Executor {
  return async (execution) => {
    const { caller, requestId } = requestOf(execution.context);
    const headers = { [signedCallerHeader]: await signer.sign(caller, requestId) };
    return http({ ...execution, extensions: { ...execution.extensions, headers } });
  };
}
