/** What wrong inference requests are made of. */
import { card, goodInstance } from '../model-files';

export const path = `/v2/models/${encodeURIComponent(card.name)}/infer`;
export const invalid = { path, status: 400, type: 'invalid-input' };
export const malformed = { path, status: 400, type: 'malformed-body' };
export const name = card.inputs[0]?.name ?? '';
export const columns = goodInstance.length;
export const bytes = Buffer.from(Float32Array.from(goodInstance).buffer);

export const good = { name, shape: [1, columns], datatype: 'FP32', data: goodInstance };
const { data: _data, ...rest } = good;
export const described = rest;
export const withBytes = (size: number) => ({ ...described, parameters: { binary_data_size: size } });

export const inputs = (...tensors: readonly unknown[]) => ({ body: JSON.stringify({ inputs: tensors }) });
export const outputs = (...asked: readonly unknown[]) => ({ body: JSON.stringify({ inputs: [good], outputs: asked }) });

export function binary(document: unknown, behind: Buffer, length?: string) {
  const json = Buffer.from(JSON.stringify(document));
  const headers = { 'inference-header-content-length': length ?? String(json.length) };
  return { headers, body: Buffer.concat([json, behind]) };
}

export const notANumber = Buffer.from(
  Float32Array.from(goodInstance, (value, i) => (i === 1 ? Number.NaN : value)).buffer,
);
