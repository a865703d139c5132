/** Checks input elements against the card's features, for callers that send tensors instead of instances. */
import type { Card, Feature } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import { type Elements, elementCount, isFree, rowWidth, type TensorSpec } from '../tensors/tensors';
import { describeValue, listCategories, nameFeature } from './faults';

export interface TensorRule {
  /** Whether NaN may stand for a missing value in any column, or null in every one of strings. */
  readonly allowsMissing: boolean;
  /** Describes the first element that its feature does not allow. */
  findFault(elements: Elements): string | undefined;
}

interface ColumnRule {
  readonly feature: Feature;
  readonly isNullable: boolean;
  readonly missing: unknown;
  readonly categories: ReadonlySet<unknown> | undefined;
}

/** One rule per input; undefined, as for most, when the features add nothing to its datatype. */
export function createTensorRules({ inputs, features }: Card): readonly (TensorRule | undefined)[] {
  return inputs.map((spec) => {
    const own = features.filter(({ input }) => input === spec.name);
    return own.some(isRuled) ? createTensorRule(spec, own) : undefined;
  });
}

function isRuled({ nullable, categories, unknownCategories }: Feature): boolean {
  return nullable === true || (categories !== undefined && unknownCategories !== 'pass');
}

function createTensorRule(spec: TensorSpec, features: readonly Feature[]): TensorRule {
  const columns = toColumns(spec, features);

  function findFault(elements: Elements): string | undefined {
    for (let i = 0; i < elements.length; i++) {
      const rule = columns[i % columns.length] as ColumnRule;
      if (!isAllowed(elements[i], rule)) return describe(elements[i], i, rule);
    }
    return undefined;
  }

  const areNullable = features.map(({ nullable }) => nullable === true);
  // Among strings, nothing shows later which empty one was null.
  const allowsMissing =
    datatypes[spec.datatype].kind === 'text' ? !areNullable.includes(false) : areNullable.includes(true);
  return { allowsMissing, findFault };
}

function toColumns(spec: TensorSpec, features: readonly Feature[]): readonly ColumnRule[] {
  const columns = new Array<ColumnRule>(rowWidth(spec));
  const { round, missing } = datatypes[spec.datatype];
  for (const feature of features) {
    const { column, shape = [], nullable, categories, unknownCategories } = feature;
    const values = unknownCategories === 'pass' ? undefined : categories;
    const known = values && new Set(values.map((value) => (typeof value === 'string' ? value : round(value))));
    const size = isFree(spec) ? 1 : elementCount(shape);
    columns.fill({ feature, isNullable: nullable === true, missing, categories: known }, column, column + size);
  }
  return columns;
}

function isAllowed(element: unknown, { isNullable, missing, categories }: ColumnRule): boolean {
  if (isNullable && Object.is(element, missing)) return true;
  if (Number.isNaN(element)) return false;
  return categories === undefined || categories.has(typeof element === 'bigint' ? Number(element) : element);
}

function describe(element: unknown, i: number, { feature }: ColumnRule): string {
  const wanted = Number.isNaN(element) ? 'a value' : listCategories(feature.categories ?? []);
  return `${nameFeature(feature)}: expected ${wanted}, got ${describeValue(element)} in element ${i}`;
}
