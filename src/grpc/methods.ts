/** The methods that are served: known by the path, before anything of a call's body is read. */
import { quote } from '../model/instances/faults';
import { Problem } from '../problem';
import { type Method, type ProtoFile, pathOf } from '../protobuf/schema';

export interface Service {
  readonly file: ProtoFile;
  /** What to do instead, by names of methods that clients may expect. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** Finds the method of a path. Throws `not-found`, in the words of gRPC. */
export type FindMethod = (path: string) => Method;

export function createMethods(services: readonly Service[]): FindMethod {
  const methods = new Map<string, Method>();
  for (const { file } of services)
    for (const [name, own] of Object.entries(file.services))
      for (const method of own) methods.set(pathOf(file, name, method.name), method);
  const advice = new Map(services.flatMap(adviceOf));

  return (path) => {
    const method = methods.get(path);
    if (method !== undefined) return method;
    const [, service = '', name = ''] = path.split('/');
    const own = [...methods.keys()].filter((each) => each.startsWith(`/${service}/`)).map((each) => each.split('/')[2]);
    const known = own.length === 0 ? serviceNames() : own.join(', ');
    const hint = advice.get(path) ?? `expected one of ${known}`;
    throw new Problem('not-found', `${quoteName(name)} of ${quoteName(service)} is not served; ${hint}.`);
  };

  function serviceNames(): string {
    return services
      .flatMap(({ file }) => Object.keys(file.services).map((name) => `${file.package}.${name}`))
      .join(', ');
  }
}

/** Advice by paths. */
function adviceOf({ file, instead = {} }: Service): [string, string][] {
  return Object.keys(file.services).flatMap((name) =>
    Object.entries(instead).map(([method, text]): [string, string] => [pathOf(file, name, method), text]),
  );
}

function quoteName(name: string): string {
  return /^[\w.]{1,80}$/.test(name) ? name : quote(name);
}
