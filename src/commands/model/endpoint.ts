/** Describes a model's endpoint: its features, its paths, and a request with its actual answer. */
import { protocols } from '../../app/protocols';
import { parseExactly } from '../../json/exact';
import type { Sample } from '../../model/acceptance/golden-samples';
import type { Card, Feature } from '../../model/card/card';

const maxCategories = 5;
/** Elements of an array or members of an object that an answer is shown with; of more, only the first few. */
const maxElements = 10;
const firstElements = 4;

export function describeEndpoint(card: Card, samples: readonly Sample[], answer: string): readonly string[] {
  const { name, version, task, labels = [] } = card;
  const request = JSON.stringify({ instances: [samples[0]?.instance] });
  return [
    '',
    `${name} ${version}: ${task}${labels.length > 0 ? ` of ${labels.join(', ')}` : ''}`,
    ...card.features.map((feature) => `  ${describeFeature(card, feature)}`),
    '',
    `  POST ${predictPaths(name).join(' · ')}    GET / · /openapi.json`,
    '',
    `curl localhost:8080/predict -H 'content-type: application/json' -d '${request.replaceAll("'", String.raw`'\''`)}'`,
    abridge(parseExactly(answer)),
  ];
}

/** JSON of a value, in which long arrays and objects show their first elements and how many there are. */
function abridge(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${abridgeList(value, abridge)}]`;
  return `{${abridgeList(Object.entries(value), ([name, member]) => `${JSON.stringify(name)}:${abridge(member)}`)}}`;
}

function abridgeList<Element>(elements: readonly Element[], write: (element: Element) => string): string {
  if (elements.length <= maxElements) return elements.map(write).join(',');
  return `${elements.slice(0, firstElements).map(write).join(',')}, … (${elements.length} in all)`;
}

function predictPaths(name: string): readonly string[] {
  return ['/predict', ...protocols.flatMap(({ predictPath }) => predictPath?.(name) ?? [])];
}

function describeFeature({ inputs }: Card, feature: Feature): string {
  const { name, input, unit, shape, categories, nullable, training, default: fallback } = feature;
  const datatype = inputs.find((spec) => spec.name === input)?.datatype;
  const parts = [
    `${name}: ${datatype}${shape === undefined ? '' : `[${shape.join(', ')}]`}`,
    unit,
    training && `${training.minimum} to ${training.maximum}`,
    categories &&
      `one of ${categories.slice(0, maxCategories).join(', ')}${categories.length > maxCategories ? ', …' : ''}`,
    nullable === true ? 'may be null' : undefined,
    fallback === undefined ? undefined : `${JSON.stringify(fallback)} if omitted`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}
