/** Who may call, as settings list them: origins of web pages, and names of senders of events. */

export type AllowedOrigins = '*' | readonly string[];

const form = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#,*]+$/;

/** Reads origins separated by commas, or `*`. Throws an error that names the variable. */
export function readOrigins(variable: string, given: string): AllowedOrigins {
  if (given.trim() === '*') return '*';
  const origins = given.split(',').flatMap((part) => part.trim() || []);
  const wrong = origins.find((origin) => !form.test(origin));
  if (wrong === undefined) return origins;
  throw new RangeError(
    `${variable} has ${JSON.stringify(wrong)}: expected *, or origins such as https://example.com separated by commas.`,
  );
}

const senderForm = /^(?:\*|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$/;

/** Reads domain names separated by commas, or `*`. Throws an error that names the variable. */
export function readSenders(variable: string, given: string): readonly string[] {
  const senders = given.split(',').flatMap((part) => part.trim().toLowerCase() || []);
  const wrong = senders.find((sender) => !senderForm.test(sender));
  if (wrong === undefined) return senders;
  throw new RangeError(
    `${variable} has ${JSON.stringify(wrong)}: expected *, or names such as events.example.com separated by commas.`,
  );
}
