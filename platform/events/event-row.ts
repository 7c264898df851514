import { z } from 'zod';
import { eventContracts, type BouquetEvent, type EventType } from './contracts.ts';

export const eventRowSchema = z.object({
  id: z.bigint(),
  type: z.string(),
  version: z.number(),
  payload: z.unknown(),
  created_at: z.date(),
});

/** An event as the database holds it. */
export type EventRow = z.infer<typeof eventRowSchema>;

/** An event that this process cannot read. */
export class EventContractError extends Error {
  /** Where and how the payload differs from its contract; nothing of its values. */
  readonly mismatch: string;

  constructor(row: EventRow, mismatch: string) {
    super(`Event ${row.id} of type ${row.type} breaks its contract: ${mismatch}.`);
    this.name = 'EventContractError';
    this.mismatch = mismatch;
  }
}

/** Whether the event was raised by a process of a newer version, whose contract this one does not have. */
export function isNewer(row: EventRow): boolean {
  return !isEventType(row.type) || row.version > eventContracts[row.type].version;
}

export interface ParsedRows {
  readonly events: readonly BouquetEvent[];
  readonly broken: readonly { readonly row: EventRow; readonly error: EventContractError }[];
}

/** Tells the events that keep their contract from the rows that break it. */
export function parseRows(rows: readonly EventRow[]): ParsedRows {
  const events: BouquetEvent[] = [];
  const broken: { row: EventRow; error: EventContractError }[] = [];
  for (const row of rows) {
    try {
      events.push(toEvent(row));
    } catch (error) {
      if (!(error instanceof EventContractError)) throw error;
      broken.push({ row, error });
    }
  }
  return { events, broken };
}

/** @throws EventContractError */
export function toEvent(row: EventRow): BouquetEvent {
  const { type, version } = row;
  if (!isEventType(type) || isNewer(row)) {
    throw new EventContractError(row, `version ${version} of ${type} is not known`);
  }
  try {
    return parsePayload(type, row);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const issues = error.issues.slice(0, 5).map(({ path, code }) => `${path.join('.')} ${code}`);
    throw new EventContractError(row, issues.join(', '));
  }
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventContracts, type);
}

function parsePayload(type: EventType, row: EventRow): BouquetEvent {
  const base = { id: row.id, createdAt: row.created_at };
  // One arm per event keeps payload and type together without a cast.
  switch (type) {
    case 'content.changed':
      return { ...base, type, payload: eventContracts[type].schema.parse(row.payload) };
    case 'content.removed':
      return { ...base, type, payload: eventContracts[type].schema.parse(row.payload) };
    case 'import.completed':
      return { ...base, type, payload: eventContracts[type].schema.parse(row.payload) };
    case 'interactions.recorded':
      return { ...base, type, payload: eventContracts[type].schema.parse(row.payload) };
    case 'feed.served':
      return { ...base, type, payload: eventContracts[type].schema.parse(row.payload) };
    case 'experiment.changed':
      return { ...base, type, payload: eventContracts[type].schema.parse(row.payload) };
    case 'process.reported':
      return { ...base, type, payload: eventContracts[type].schema.parse(row.payload) };
    case 'model.trained':
      return { ...base, type, payload: eventContracts[type].schema.parse(row.payload) };
    case 'vectors.changed':
      return { ...base, type, payload: eventContracts[type].schema.parse(row.payload) };
    case 'user.erased':
      return { ...base, type, payload: eventContracts[type].schema.parse(row.payload) };
    case 'user.erasure-confirmed':
      return { ...base, type, payload: eventContracts[type].schema.parse(row.payload) };
    case 'user.linked':
      return { ...base, type, payload: eventContracts[type].schema.parse(row.payload) };
    default:
      // A type without an arm does not compile.
      return type satisfies never;
  }
}
