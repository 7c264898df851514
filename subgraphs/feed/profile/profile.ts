import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import { badUserInput } from '#platform/errors/request-error.ts';

/** What a subject says about itself. */
export interface Profile {
  /** ISO 3166-1 alpha-2. */
  readonly region: string | null;
  /** BCP 47 tag. */
  readonly locale: string | null;
}

/** An absent field stays as it is, null clears it. */
export interface ProfileChange {
  readonly region?: string | null | undefined;
  readonly locale?: string | null | undefined;
}

/** Whether `region` has the form of ISO 3166-1 alpha-2. */
export const regionSchema = z.string().regex(/^[A-Z]{2}$/);

/** Returns the profiles of `subjects` in their order, empty ones for those who have none; one statement. */
export async function readProfiles(database: Database, subjects: readonly string[]): Promise<Profile[]> {
  const rows = await database.read<Profile & { readonly subject: string }>`
    SELECT p.subject, p.region, p.locale FROM feed.profile p WHERE p.subject = ANY (${[...subjects]}::text[])`;
  const bySubject = new Map(rows.map((row) => [row.subject, row]));
  return subjects.map((subject) => {
    const row = bySubject.get(subject);
    return { region: row?.region ?? null, locale: row?.locale ?? null };
  });
}

/**
 * Changes a profile.
 * @throws RequestError `BAD_USER_INPUT` for a malformed region or locale; nothing is changed then.
 */
export async function updateProfile(
  database: Database,
  subject: string,
  { region, locale }: ProfileChange,
): Promise<void> {
  if (region != null && !regionSchema.safeParse(region).success) {
    throw badUserInput('region must be two capital letters, as in ISO 3166-1 alpha-2: US, DE.');
  }
  const change = {
    ...(region !== undefined && { region }),
    ...(locale !== undefined && { locale: locale === null ? null : canonicalLocale(locale) }),
  };
  await database.prisma.feedProfile.upsert({
    where: { subject },
    create: { subject, ...change },
    update: { ...change, updatedAt: new Date() },
  });
}

function canonicalLocale(locale: string): string {
  if (locale.length <= 35) {
    try {
      const [canonical] = Intl.getCanonicalLocales(locale);
      if (canonical !== undefined) return canonical;
    } catch {
      // Not a language tag: refused below.
    }
  }
  throw badUserInput('locale must be a BCP 47 language tag: en, de-AT, pt-BR.');
}
