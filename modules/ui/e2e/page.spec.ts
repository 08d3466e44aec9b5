import { expect, test as base, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { HOSTILE } from './node';

const URL = () => process.env['SONDE_URL']!;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** A page whose console stays clean: what a policy forbids or a script throws fails the test. */
const test = base.extend<{ page: Page }>({
  page: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
    page.on('pageerror', (failure) => complaints.push(String(failure)));
    await use(page);
    expect(complaints.filter((line) => !/status of (401|403)/.test(line))).toEqual([]);
  },
});

const SCREENS: Record<string, string> = {
  overview: '#/',
  problems: '#/problems',
  clients: '#/clients',
  client: '#/clients/berlin-1',
  targets: '#/targets',
  target: '#/targets/https%3A%2F%2Fshop.example%2F',
  series: '#/series/berlin-1/https%3A%2F%2Fshop.example%2F',
  live: '#/live',
  compare: '#/compare?s=berlin-1~https%253A%252F%252Fshop.example%252F&s=berlin-1~https%253A%252F%252Fpay.example%252F',
  system: '#/system',
  'admin-users': '#/admin/users',
  'admin-tokens': '#/admin/tokens',
  'admin-probes': '#/admin/probes',
  'admin-probe': '#/admin/probes/local',
  'admin-settings': '#/admin/settings',
  'admin-audit': '#/admin/audit',
  account: '#/account',
};

/** All there is to look at, the problem and its incident with it. */
async function screens(page: Page): Promise<[string, string][]> {
  const answer = await page.request.get(`${URL()}/api/v1/problems`, {
    headers: { Authorization: `Bearer ${process.env['SONDE_TOKEN']!}` },
  });
  const [problem] = ((await answer.json()) as { problems: { id: string; incidents: { id: string }[] }[] }).problems;
  return [
    ...Object.entries(SCREENS),
    ['problem', `#/problems/${problem!.id}`],
    ['incident', `#/incidents/${problem!.incidents[0]!.id}`],
  ];
}

async function signIn(page: Page, hash = '#/'): Promise<void> {
  await page.goto(`${URL()}/${hash}`);
  await typeIn(page, 'admin', process.env['SONDE_PASSWORD']!);
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
}

async function typeIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText('Asking the node')).toHaveCount(0);
}

test('a wrong password is refused, and said why', async ({ page }) => {
  await page.goto(URL());
  await typeIn(page, 'admin', 'not this one');

  await expect(page.getByRole('alert')).toContainText('The name or the password is wrong.');
});

test('a token is taken where a machine looks, and one that is not good is refused', async ({ page }) => {
  await page.goto(URL());
  await page.getByRole('button', { name: 'With a token' }).click();
  await page.getByLabel('Token').fill('sonde_read_wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('Not authorized');

  await page.getByLabel('Token').fill(process.env['SONDE_TOKEN']!);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('link', { name: 'Token (admin)' })).toBeVisible();
});

test('who signs out is out, also after going back', async ({ page }) => {
  await signIn(page);
  await expect(page.getByRole('link', { name: 'admin (admin)' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('link', { name: 'admin (admin)' })).toBeVisible();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Password')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Password')).toBeVisible();
});

test('somebody is let in, chooses a password, and does what the role may', async ({ page, browser }) => {
  await signIn(page, '#/admin/users');
  await page.getByLabel('Name', { exact: true }).fill('tom');
  await page.getByLabel('Role', { exact: true }).selectOption('operator');
  await page.getByRole('button', { name: 'Add' }).click();
  const given = await page.getByLabel('Password of tom').inputValue();

  const tom = await (await browser.newContext()).newPage();
  await tom.goto(URL());
  await typeIn(tom, 'tom', given);
  await tom.getByLabel('Password as it was').fill(given);
  await tom.getByLabel('New password').fill('a battery of horses');
  await tom.getByLabel('The new one again').fill('a battery of horses');
  await tom.getByRole('button', { name: 'Change it' }).click();
  await expect(tom.getByRole('link', { name: 'tom (operator)' })).toBeVisible();
  await expect(tom.getByRole('link', { name: 'Admin', exact: true })).toHaveCount(0);
  await tom.getByRole('link', { name: 'resolver-failure' }).first().click();
  await expect(tom.getByRole('button', { name: 'Take it on' })).toBeEnabled();

  await page.getByLabel('Role of tom').selectOption('viewer');
  await expect(page.getByRole('status').filter({ hasText: 'tom is changed' })).toBeVisible();
  await tom.reload();
  await typeIn(tom, 'tom', 'a battery of horses');
  await expect(tom.getByText('Operators and administrators take problems on')).toBeVisible();
  await expect(tom.getByRole('button', { name: 'Take it on' })).toHaveCount(0);
  const refused = await tom.evaluate(async () => {
    const { csrf_token } = (await (await fetch('/api/v1/session')).json()) as { csrf_token: string };
    const headers = { 'X-CSRF-Token': csrf_token };
    return (await fetch('/api/v1/silences', { method: 'POST', headers, body: '{}' })).status;
  });
  expect(refused).toBe(403);

  await page.getByRole('button', { name: 'Remove tom' }).click();
  await page.getByRole('button', { name: 'Sure? Remove tom' }).click();
  await expect(page.getByRole('rowheader', { name: 'tom' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Audit' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'user.role' })).toContainText('role operator → viewer');
});

test('a token is made, shown once, and revoked', async ({ page }) => {
  await signIn(page, '#/admin/tokens');
  await page.getByLabel('For client').fill('paris-1');
  await page.getByLabel('What for').fill('the new office');
  await page.getByRole('button', { name: 'Make' }).click();
  await expect(page.getByLabel('Token, shown this once')).toHaveValue(/^sonde_ingest_/);

  const row = page.getByRole('row').filter({ hasText: 'the new office' });
  await row.getByRole('button', { name: /^Revoke/ }).click();
  await row.getByRole('button', { name: /^Sure\? Revoke/ }).click();
  await expect(row).toContainText('revoked');
});

test('a problem is followed from the overview to its evidence, and taken on', async ({ page }) => {
  await signIn(page);
  const problem = page.getByRole('link', { name: 'resolver-failure' });
  await problem.first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('resolver-failure');

  await page.getByLabel('Note').fill('on it');
  await page.getByRole('button', { name: 'Take it on' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Taken on' })).toBeVisible();
  await expect(page.getByRole('definition').filter({ hasText: 'admin' })).toBeVisible();

  await page.getByRole('link', { name: 'resolver-failure' }).click();
  const evidence = page.getByRole('row').filter({ hasText: 'count_error / count_total' });
  await expect(evidence).toContainText('100 %');
  await expect(evidence).toContainText('50 %');
});

test('a link shows the same to whoever opens it', async ({ page }) => {
  await signIn(page, '#/clients?range=6h');
  await page.getByLabel('Name contains').fill('berlin');
  await page.getByRole('link', { name: 'berlin-1' }).click();
  await expect(page).toHaveURL(/#\/clients\/berlin-1\?range=6h$/);
  await page.getByRole('link', { name: 'https://shop.example/' }).first().click();
  await settled(page);
  const address = page.url();

  await page.goto('about:blank');
  await page.goto(address);

  await expect(page.getByRole('button', { name: '6h' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('berlin-1 → https://shop.example/');
});

test('a chart is read by keys and as a table', async ({ page }) => {
  await signIn(page, SCREENS['series']);
  await settled(page);
  const chart = page.getByRole('img', { name: /^Total time/ });
  await chart.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('[aria-live]').first().locator('time')).toBeVisible();
  const figure = page.getByRole('figure', { name: 'Total time' });
  await figure.getByRole('button', { name: 'Table' }).click();

  await expect(figure.getByRole('columnheader')).toHaveText(['Time', 'max', 'p95', 'p50', 'min']);
  await expect(figure.getByRole('row')).toHaveCount(2);
});

test('a long time is drawn as bands of merged percentiles', async ({ page }) => {
  await signIn(page, `${SCREENS['series']}?range=7d`);
  const figure = page.getByRole('figure', { name: 'Total time' });
  await figure.getByRole('button', { name: 'Table' }).click();

  await expect(figure.getByRole('columnheader')).toHaveText(['Time', 'p95', 'p75', 'p50', 'p25', 'p5']);
  await expect(figure.getByRole('row')).toHaveCount(2);
  await expect(page.getByText('the median of 10 values').first()).toBeVisible();
});

test('a frame that is drawn in a chart is the time of the page', async ({ page }) => {
  await signIn(page, SCREENS['series']);
  await settled(page);
  const box = (await page.getByRole('img', { name: /^Total time/ }).boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 60, { steps: 5 });
  await page.mouse.up();

  await expect(page).toHaveURL(/from=.*&to=/);
  await expect(page.getByText('before the first measurement')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('img', { name: /^Total time/ })).toBeVisible();
});

test('everything at a glance, over the time one chooses', async ({ page }) => {
  await signIn(page);
  await expect(page.getByText('Quality, 0 to 100')).toBeVisible({ timeout: 30_000 });
  const total = page.getByRole('figure', { name: 'Total time, and where it goes' });
  await expect(total.getByText('total p95')).toBeVisible();
  await page.getByRole('button', { name: '30d' }).click();
  await expect(page.getByText(/^Of each step of 3 h the p50 and p95/)).toBeVisible();
  await total.getByRole('button', { name: 'Table' }).click();
  await expect(total.getByRole('columnheader')).toHaveText([
    'Time',
    'DNS p50',
    'TCP p50',
    'TLS p50',
    'first byte p50',
    'total p50',
    'total p95',
  ]);
});

test('a heat map is read by keys and as a table, and leads to its series', async ({ page }) => {
  await signIn(page, SCREENS['client']);
  const map = page.getByRole('img', { name: /^Who was slow when/ });
  await map.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Home');
  const figure = page.getByRole('figure', { name: 'Who was slow when' });
  await expect(figure.locator('[aria-live]')).toContainText('https://pay.example/');
  await figure.getByRole('button', { name: 'Table' }).click();
  await expect(figure.getByRole('columnheader')).toHaveText(['Time', 'https://pay.example/', 'https://shop.example/']);
  await expect(figure.getByText('no measurement got through, 100 % of 10 measurements failed')).toBeVisible();

  await figure.getByRole('button', { name: 'Table' }).click();
  await map.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('berlin-1 → https://shop.example/');
});

test('series are put side by side and taken out again', async ({ page }) => {
  await signIn(page, SCREENS['series']);
  await page.getByRole('link', { name: 'Compare with others' }).click();
  await page.getByLabel('Add').selectOption({ label: 'berlin-1 → https://pay.example/' });
  const other = page.getByRole('link', { name: 'berlin-1 → https://pay.example/', exact: true });
  await expect(other).toBeVisible();
  await expect(page.getByRole('row').filter({ has: other })).toContainText('100 %');

  await page.getByRole('link', { name: 'Take out berlin-1 → https://pay.example/' }).click();
  await expect(other).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'berlin-1 → https://shop.example/', exact: true })).toBeVisible();
});

/** What comes of choosing a format in the menu that is there. */
async function exported(page: Page, format: string): Promise<{ name: string; content: Buffer }> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('group', { name: 'Export' }).getByRole('button', { name: format, exact: true }).click();
  const file = await coming;
  return { name: file.suggestedFilename(), content: await readFile(await file.path()) };
}

test('what is shown is taken away in three formats', async ({ page }) => {
  await signIn(page, SCREENS['series']);
  await expect(page.getByRole('img', { name: /^Total time/ })).toBeVisible();
  const csv = await exported(page, 'CSV');
  expect(csv.name).toMatch(/^sonde-windows-1m-\d{8}T\d{6}Z-\d{8}T\d{6}Z\.csv$/);
  const [header, window, ...more] = csv.content.toString().split('\r\n');
  expect(header).toContain('total_p95 [ms]');
  expect(window).toMatch(/^berlin-1,https:\/\/shop\.example\/,/);
  expect(more).toEqual(['']);
  await expect(page.getByRole('status').filter({ hasText: csv.name })).toBeVisible();

  await page.goto(`${URL()}/#/clients?search=berlin`);
  await expect(page.getByRole('link', { name: 'berlin-1' })).toBeVisible();
  const json = JSON.parse((await exported(page, 'JSON')).content.toString()) as { client_id: string }[];
  expect(json.map((client) => client.client_id)).toEqual(['berlin-1']);

  await page.goto(`${URL()}/#/problems`);
  await settled(page);
  const parquet = await exported(page, 'Parquet');
  expect(parquet.name).toMatch(/^sonde-problems-.*\.parquet$/);
  expect(parquet.content.subarray(0, 4).toString()).toBe('PAR1');
  expect(parquet.content.subarray(-4).toString()).toBe('PAR1');
});

test('who is in trouble comes first where it is asked, and alone', async ({ page }) => {
  await signIn(page, '#/clients');
  const rows = page.getByRole('row');
  await page.getByRole('combobox', { name: 'Sort by' }).selectOption('status');
  await expect(rows.nth(1)).toContainText('berlin-1');
  await expect(rows.nth(1)).toContainText('resolver-failure 1 incident');
  await page.getByRole('combobox', { name: 'Status' }).selectOption('troubled');
  await expect(rows).toHaveCount(2);
  await expect(page).toHaveURL(/sort=status&status=troubled$/);
});

test('names that mean something to a browser are only names', async ({ page }) => {
  await signIn(page, '#/clients');
  for (const name of HOSTILE) {
    await page.goto(`${URL()}/#/clients`);
    await page.getByRole('link', { name, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    await page.getByRole('link', { name: /^https:\/\/hostile/ }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(`${name} → https://hostile.example/`);
    await expect(page.getByRole('heading', { name: 'How often it took how long' })).toBeVisible();
    await page.getByRole('link', { name: 'Compare with others' }).click();
    await expect(page.getByRole('row').filter({ hasText: name })).toBeVisible();
  }
  await expect(page.locator('img[src="x"], main script')).toHaveCount(0);
  expect(await page.evaluate(() => 'isTakenOver' in window)).toBe(false);

  await page.goto(`${URL()}/#/clients`);
  await expect(page.getByRole('link', { name: HOSTILE[0]!, exact: true })).toBeVisible();
  const csv = (await exported(page, 'CSV')).content.toString();
  expect(csv).toContain(`\n'=cmd|' /C calc'!A0,`);
  expect(csv).toContain(`"""quoted"", 'and' more"`);
});

test('a silence is made where the problem is, and ended where all are', async ({ page }) => {
  await signIn(page);
  await page.getByRole('link', { name: 'resolver-failure' }).first().click();
  await page.getByLabel('Note').fill('new router');
  await page.getByRole('button', { name: 'Silence for' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Silent for 1 h' })).toBeVisible();

  await page.getByRole('link', { name: 'System' }).click();
  const silence = page.getByRole('row').filter({ hasText: 'new router' });
  await silence.getByRole('button', { name: 'End' }).click();
  await expect(silence).toHaveCount(0);
});

test('what was never measured says so, and what is not there too', async ({ page }) => {
  await signIn(page, '#/clients/nobody');
  await expect(page.getByText('Nothing of this name has ever been measured.')).toBeVisible();

  await page.goto(`${URL()}/#/clients?search=zzz`);
  await expect(page.getByText('none with “zzz”')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page.getByRole('link', { name: 'berlin-1' })).toBeVisible();

  await page.goto(`${URL()}/#/nowhere`);
  await expect(page.getByRole('heading', { name: 'Nothing is here' })).toBeVisible();
});

async function usable(page: Page, name: string, theme: string): Promise<void> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  const found = await page.evaluate(async () => {
    const axe = (
      window as unknown as {
        axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe;
    return (await axe.run()).violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
  });
  expect(found, name).toEqual([]);
  await page.screenshot({ path: `target/screenshots/${name}-${theme}.png`, fullPage: true });
}

for (const theme of ['light', 'dark'] as const) {
  test(`every screen can be used by everybody, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(URL());
    await settled(page);
    await usable(page, 'sign-in', theme);
    await signIn(page);
    for (const [name, hash] of await screens(page)) {
      await page.goto(`${URL()}/${hash}`);
      await settled(page);
      await usable(page, name, theme);
    }
  });
}

test('a phone shows everything without scrolling sideways', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await signIn(page);
  for (const [name, hash] of await screens(page)) {
    await page.goto(`${URL()}/${hash}`);
    await settled(page);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider, name).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `target/screenshots/${name}-phone.png`, fullPage: true });
  }
});
