/** The rules of promlint, which `promtool check metrics` applies (github.com/prometheus/client_golang, v1.25). */

interface Family {
  readonly name: string;
  type: string;
  help: string | undefined;
  /** As they are written: name and labels, without the value. */
  readonly samples: string[];
}

const abbreviations = /_(s|ms|us|ns|sec|b|kb|mb|gb|tb|pb|m|h|d)(_|$)/i;
const otherUnits =
  /(?:^|_)((?:(?:pico|nano|micro|milli|centi|deci|deca|hecto|kilo|kibi|mega|mebi|giga|gibi|tera|tebi|peta|pebi)(?:amperes|bytes|celsius|grams|joules|kelvin|met(?:er|re)s|seconds|volts))|minutes|hours|days|weeks|kelvins|fahrenheit|rankine|inches|yards|miles|bits|calories|pounds|ounces)(?:_|$)/;

/** What the text breaks, family by family. */
export function lintMetrics(text: string): string[] {
  return readFamilies(text).flatMap((family) => findBreaches(family).map((breach) => `${family.name}: ${breach}`));
}

function findBreaches({ name, type, help, samples }: Family): string[] {
  const hasLabel = (label: string) =>
    samples.some((sample) => sample.includes(`{${label}=`) || sample.includes(`,${label}=`));
  const isHistogram = type === 'histogram';
  const [, unit] = otherUnits.exec(name) ?? [];
  const rules: readonly (readonly [boolean, string])[] = [
    [help === undefined, 'no help'],
    [type === 'counter' && !name.endsWith('_total'), 'a counter without "_total"'],
    [type !== 'counter' && name.endsWith('_total'), `"_total" on a ${type}`],
    ...['_bucket', '_count', '_sum'].map(
      (suffix) => [!isHistogram && name.endsWith(suffix), `"${suffix}" on a ${type}`] as const,
    ),
    [name.includes(`_${type}_`) || name.endsWith(`_${type}`), 'its type in its name'],
    [unit !== undefined, `the unit "${unit}", which is not a base unit`],
    [abbreviations.test(name), 'an abbreviated unit'],
    [!isHistogram && hasLabel('le'), 'the label "le", which belongs to histograms'],
    [hasLabel('quantile'), 'the label "quantile", which belongs to summaries'],
    [/[a-z][A-Z]/.test(name) || samples.some((sample) => /[a-z][A-Z]\w*=/.test(sample)), 'camel case'],
    [name.includes(':'), 'a colon'],
    [new Set(samples).size < samples.length, 'the same sample twice'],
  ];
  return rules.filter(([isBroken]) => isBroken).map(([, breach]) => breach);
}

function readFamilies(text: string): Family[] {
  const families = new Map<string, Family>();

  function familyOf(name: string): Family {
    const known = families.get(name) ?? { name, type: 'untyped', help: undefined, samples: [] };
    families.set(name, known);
    return known;
  }

  for (const line of text.split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') familyOf(name).help = rest;
    else if (keyword === 'TYPE') familyOf(name).type = rest;
    else if (line !== '' && !line.startsWith('#')) addSample(line, families);
  }
  return [...families.values()];
}

function addSample(line: string, families: ReadonlyMap<string, Family>): void {
  const sample = line.slice(0, line.lastIndexOf(' '));
  const name = /^[\w:]+/.exec(sample)?.[0] ?? '';
  const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''));
  if (family === undefined) throw new Error(`The sample ${sample} has no family.`);
  family.samples.push(sample);
}
