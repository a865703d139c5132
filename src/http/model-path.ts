/** The paths of models and their versions, in the spelling of the route table. */

/** The path of a model below the prefix of an API, such as `/v1`. */
export function modelPath(prefix: string, name: string): string {
  return `${prefix}/models/${encodeURIComponent(name)}`;
}

/** The path of a version below that of its model. */
export function versionPath(model: string, version: string): string {
  return `${model}/versions/${encodeURIComponent(version)}`;
}
