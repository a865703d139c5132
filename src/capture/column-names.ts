/** Names of columns that no two share: a feature may be called `id`, an output like a feature. */

/** Gives columns of another kind their names, with `prefix` where the name is taken. Case does not tell names apart, as in SQL. */
export function createRenaming(columns: readonly { readonly name: string }[]) {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));

  function freeName(name: string, prefix: string): string {
    const key = name.toLowerCase();
    if (taken.has(key)) return freeName(`${prefix}.${name}`, prefix);
    taken.add(key);
    return name;
  }

  return (prefix: string) =>
    <Column extends { readonly name: string }>(column: Column): Column => ({
      ...column,
      name: freeName(column.name, prefix),
    });
}
