/** Origins of web pages that may call: those that a setting lists, or all. */

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
