/** Words what breaks the schema of cards: the place, what is expected there, and the name that was probably meant. */
import { editDistance } from '../../edit-distance';

/** As ajv reports it, with the schema around it. */
export interface CardError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema?: { readonly properties?: object };
}

const mostFaults = 5;
const longestText = 100;

export function describeCardErrors(errors: readonly CardError[]): string {
  const shown = errors.slice(0, mostFaults).map(describe);
  const more = errors.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function describe({ instancePath, keyword, message = keyword, params, parentSchema }: CardError): string {
  const place = instancePath === '' ? '' : `${instancePath}: `;
  if (keyword === 'required') return `${place}expected the member "${params.missingProperty}", which is missing`;
  if (keyword === 'enum')
    return `${place}expected one of ${(params.allowedValues as readonly unknown[]).map(toText).join(', ')}`;
  if (keyword === 'const') return `${place}expected ${toText(params.allowedValue)}`;
  if (keyword !== 'additionalProperties') return `${place}${message}`;
  const name = String(params.additionalProperty);
  const meant = nearest(name.slice(0, longestText), Object.keys(parentSchema?.properties ?? {}));
  return `${place}there is no member "${name}"${meant === undefined ? '' : ` (did you mean "${meant}"?)`}`;
}

function toText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

/** The known name that is a few letters away; undefined if none is. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const distances = known.map((each) => [editDistance(name.toLowerCase(), each.toLowerCase()), each] as const);
  const [best] = distances.sort(([one], [other]) => one - other);
  return best !== undefined && best[0] <= Math.max(2, Math.floor(best[1].length / 3)) ? best[1] : undefined;
}
