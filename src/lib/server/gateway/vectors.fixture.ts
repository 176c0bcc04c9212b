/** The signing vectors, made with CodePay's own sample: for tests only. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const shape = v.object({
  keys: v.object({
    app_private_pkcs1_base64: v.string(),
    app_private_pkcs8_base64: v.string(),
    app_public_base64: v.string(),
    gateway_private_pkcs1_base64: v.string(),
    gateway_private_pkcs8_base64: v.string(),
    gateway_public_base64: v.string()
  }),
  requests: v.array(
    v.object({
      name: v.string(),
      params: v.record(v.string(), v.string()),
      string_to_sign: v.string(),
      sign: v.string()
    })
  ),
  responses: v.array(
    v.object({
      name: v.string(),
      string_to_sign: v.optional(v.string()),
      body: v.record(v.string(), v.string()),
      valid: v.boolean()
    })
  )
});

export const vectors = v.parse(
  shape,
  JSON.parse(readFileSync(new URL('../../../../tests/vectors/codepay-signing.json', import.meta.url), 'utf8'))
);
