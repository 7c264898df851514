import { randomUUID } from 'node:crypto';
import { neverPrinted } from '../e2e/printed-secrets.ts';

const word = `marked${randomUUID().slice(0, 8)}`;

/** Personal data that no process may print, and that nothing else can be taken for. */
export const marks = {
  word: neverPrinted(word),
  user: neverPrinted(`${word}-user`),
  mail: neverPrinted(`${word}.person@private.example`),
  anonymousId: neverPrinted(randomUUID()),
};
