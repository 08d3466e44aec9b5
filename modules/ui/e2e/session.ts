import { expect, type Page } from '@playwright/test';

/** Signs the page's browser in as the first administrator. */
export async function withSession(page: Page, url: string, password: string): Promise<void> {
  const answer = await page.request.post(`${url}/api/v1/session`, { data: { name: 'admin', password } });
  expect(answer.status(), await answer.text()).toBe(200);
}
