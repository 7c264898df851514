import type { Database, Transaction } from '../database/database.ts';
import { eventContracts, type EventPayload, type EventType } from './contracts.ts';

/** The types that were appended in a transaction so far. */
const appended = new WeakMap<Transaction, Set<EventType>>();

/**
 * Appends an event in the transaction of the write that it tells of, so that both commit or neither does.
 * Call it inside `inTransactionWithEvents`, which wakes this process's consumers after the commit.
 */
export async function appendEvent<T extends EventType>(
  tx: Transaction,
  type: T,
  payload: EventPayload<T>,
): Promise<void> {
  const { version } = eventContracts[type];
  appended.get(tx)?.add(type);
  await tx.$executeRaw`
    INSERT INTO events.outbox (type, version, payload)
    VALUES (${type}, ${version}, ${JSON.stringify(payload)}::jsonb)`;
}

/** Runs `work` in one transaction and wakes this process's consumers of what it appended once it has committed. */
export async function inTransactionWithEvents<T>(
  database: Database,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const types = new Set<EventType>();
  const result = await database.transaction((tx) => {
    appended.set(tx, types);
    return work(tx);
  });
  if (types.size > 0) database.commits.emit('event', [...types]);
  return result;
}
