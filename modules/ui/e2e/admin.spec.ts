import { expect, test, type Page } from '@playwright/test';

const URL = () => process.env['SONDE_URL']!;

async function signIn(page: Page, hash: string): Promise<void> {
  await page.goto(`${URL()}/${hash}`);
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password').fill(process.env['SONDE_PASSWORD']!);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('a probe is told what to measure, and measures it within a minute', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, '#/admin/probes');
  const target = `${URL()}/healthz`;
  await page.getByRole('link', { name: 'local', exact: true }).click();

  await page.getByLabel('Targets, one a line').fill('ftp://a/');
  await expect(page.getByText('“ftp://a/” is no target')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await page.getByLabel('Targets, one a line').fill(target);
  await page.getByLabel('Interval', { exact: true }).fill('1s');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();

  const measured = async () =>
    (
      await page.request.get(`${URL()}/api/v1/live?client_id=local&target=${encodeURIComponent(target)}`, {
        headers: { Authorization: `Bearer ${process.env['SONDE_TOKEN']!}` },
      })
    ).text();
  await expect.poll(measured, { timeout: 60_000 }).toContain('"count_success":');
  await expect(page.getByText('applied: It measures what it is told.')).toBeVisible({ timeout: 60_000 });
  await page.screenshot({ path: 'target/screenshots/probe-editor.png', fullPage: true });

  await page.getByRole('button', { name: 'Remove the configuration of local' }).click();
  await page.getByRole('button', { name: 'Sure? Remove the configuration of local' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Removed' })).toBeVisible();
});

test('thresholds are tried on what was, and then hold', async ({ page }) => {
  await signIn(page, '#/admin/settings');
  const clears = page.getByLabel('incident.clears');
  await clears.fill('7');
  await page.getByRole('button', { name: 'Try it on the last 24 hours' }).click();
  const preview = page.getByRole('region', { name: 'Preview' });
  await expect(preview.getByRole('row').filter({ hasText: 'resolver-failure' }).first()).toBeVisible();
  await page.screenshot({ path: 'target/screenshots/thresholds-preview.png', fullPage: true });

  await page.getByRole('button', { name: 'Set on all nodes' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'They hold here at once' })).toBeVisible();
  await expect(clears).toHaveValue('7');
  await clears.fill('');
  await page.getByRole('button', { name: 'Set on all nodes' }).click();
  await expect(page.getByRole('row').filter({ has: clears })).toContainText('–');
});
