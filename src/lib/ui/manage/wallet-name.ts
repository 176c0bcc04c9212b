import { m } from '$lib/i18n/generated/messages.js';

const names: Readonly<Record<string, string>> = {
  AlipayPlus: 'Alipay+',
  WeChatPay: 'WeChat Pay'
};

/** The wallet as people know it; the gateway's own name where we know no better. */
export function walletName(wallet: string | null): string {
  if (wallet === null || wallet === '') return m.manage_wallet_unnamed();
  return names[wallet] ?? wallet;
}
