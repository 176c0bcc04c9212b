import type { App as TillApp } from '$lib/server/app';
import type { Register, Staff } from '$lib/wire/shop';

declare global {
  namespace App {
    interface Error {
      message: string;
      /** Stands in the log beside the cause; for support. */
      id?: string;
    }
    interface Locals {
      app: TillApp;
      /** Who is signed in, or null. */
      staff: Staff | null;
      /** The session that they are signed in by, or null. */
      sessionId: string | null;
      /** The register that this browser is enrolled as, or null. */
      register: Register | null;
      /** How far the sender's clock is ahead of ours, where the request says it. */
      aheadMs: number | undefined;
      /** What a route threw, and under which number it stands in the log. */
      broke: { readonly cause: unknown; readonly id: string } | null;
    }
  }
}

export {};
