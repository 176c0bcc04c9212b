import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { policiesFor } from './policies';

/** As Chromium's policy templates describe them; a browser ignores the whole policy where a part has another shape. */
const number16 = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535));
const urls = v.pipe(v.array(v.pipe(v.string(), v.url())), v.minLength(1));
const shapes: Readonly<Record<string, v.GenericSchema>> = {
  WebHidAllowDevicesWithHidUsagesForUrls: v.array(
    v.strictObject({
      urls,
      usages: v.array(v.strictObject({ usage_page: number16, usage: v.optional(number16) }))
    })
  ),
  SerialAllowUsbDevicesForUrls: v.array(
    v.strictObject({
      urls,
      devices: v.array(v.strictObject({ vendor_id: number16, product_id: v.optional(number16) }))
    })
  )
};
const origin = 'https://till.example.com';

function valueOf(name: string, serialIds: Parameters<typeof policiesFor>[0]['serialIds'] = null): unknown {
  return JSON.parse(
    policiesFor({ origin, serialIds }).find((policy) => policy.name === name)?.value ?? 'null'
  );
}

describe('the policies for managed computers', () => {
  it('have names and shapes that the browsers know', () => {
    const policies = policiesFor({ origin, serialIds: null });
    expect(policies.map(({ name }) => name).toSorted()).toEqual(Object.keys(shapes).toSorted());
    for (const { name, value } of policies) {
      const shape = shapes[name];
      if (shape === undefined) throw new Error(`${name} has no shape`);
      expect(v.safeParse(shape, JSON.parse(value)).issues).toBeUndefined();
    }
  });

  it('allow every HID scanner that Till asks for, IBM hand-held too, here and nowhere else', () => {
    expect(valueOf('WebHidAllowDevicesWithHidUsagesForUrls')).toEqual([
      { urls: [origin], usages: [{ usage_page: 140, usage: 2 }, { usage_page: 65_349 }] }
    ]);
  });

  it('allow the serial scanner that is connected by its own numbers', () => {
    expect(valueOf('SerialAllowUsbDevicesForUrls', { vendorId: 3118, productId: 2922 })).toEqual([
      { urls: [origin], devices: [{ vendor_id: 3118, product_id: 2922 }] }
    ]);
  });
});
