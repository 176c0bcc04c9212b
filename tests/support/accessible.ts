/** What axe finds on a page: by axe itself, which is several times quicker than through a builder that injects it for every look. */
import axe, { type Result, type RunOptions } from 'axe-core';
import { expect, type Page } from '@playwright/test';

/** Rows and tiles are drawn by one component each: what holds for eight holds for forty, and colours take most of the time. */
const furtherOnes = ['li:nth-of-type(n + 9)', 'tr:nth-of-type(n + 9)'];

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Fails where axe finds something serious on the page: everything in light, and in dark what colours can change.
 *
 * @param what names the page's state in the failure
 */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const found: unknown[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(transitionsEnded);
    const runOnly = colorScheme === 'light' ? standards : ['color-contrast'];
    for (const { id, impact, help, nodes } of await violationsOn(page, { runOnly })) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      const where = nodes.map(({ target, any }) => `${target.join(' ')}: ${any[0]?.message ?? ''}`);
      found.push({ id, help, colorScheme, where });
    }
  }
  expect(found, what).toEqual([]);
}

/**
 * What breaks axe's rules, worst and slight.
 *
 * @param parts selectors of what is looked at; the whole page where there are none
 */
export async function violationsOn(
  page: Page,
  { runOnly, parts }: { readonly runOnly?: string[]; readonly parts?: string[] } = {}
): Promise<Result[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const options: RunOptions = {
    ...(runOnly === undefined ? {} : { runOnly }),
    // Only what fails is described, and no style sheet is fetched once more: half of the work.
    resultTypes: ['violations'],
    preload: false
  };
  return page.evaluate(
    async ([inPage, how]) => {
      const { axe: runner } = window as unknown as { axe: typeof axe };
      return (await runner.run(inPage, how)).violations;
    },
    [{ include: parts ?? ['html'], exclude: furtherOnes }, options] as const
  );
}

/** A colour on its way to another one is neither. */
async function transitionsEnded(): Promise<void> {
  const running = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
  await Promise.allSettled(running.map(({ finished }) => finished));
}
