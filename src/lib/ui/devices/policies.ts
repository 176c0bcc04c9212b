/** The policies by which a company allows scanners for good, ready to be copied; the same for Chrome and Edge. */
export interface Policy {
  readonly name: string;
  /** JSON, as the browsers' policy lists take it. */
  readonly value: string;
}

/**
 * What Till asks the browser for: HID's usage page for point of sale with its usage for bar code scanners (HID Point of Sale
 * Usage Tables 1.02), and the page of IBM hand-held, where each maker has usages of its own.
 */
const usages = [{ usage_page: 0x8c, usage: 0x02 }, { usage_page: 0xff45 }];
/** Where the shop's own scanner is not known yet. */
const example = { vendorId: 1504, productId: 5889 };

/**
 * @param origin  where Till is opened
 * @param serialIds  the USB numbers of the shop's serial scanner; null: an example stands in their place
 */
export function policiesFor({
  origin,
  serialIds
}: {
  readonly origin: string;
  readonly serialIds: { readonly vendorId: number; readonly productId: number } | null;
}): readonly Policy[] {
  const { vendorId, productId } = serialIds ?? example;
  const urls = [origin];
  return [
    {
      name: 'WebHidAllowDevicesWithHidUsagesForUrls',
      value: pretty([{ usages, urls }])
    },
    {
      name: 'SerialAllowUsbDevicesForUrls',
      value: pretty([{ devices: [{ vendor_id: vendorId, product_id: productId }], urls }])
    }
  ];
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
