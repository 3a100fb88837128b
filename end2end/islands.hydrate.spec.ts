// What moves: the inspector of a chart, the progress of a job, the progress of an upload. And what a reader without eyes or mouse needs.

import { join } from "node:path";
import { expect, expectAccessible, people, signIn, test } from "./silhouette";

test.use({ installation: "islands" });
test.describe.configure({ mode: "serial" });

test("an installation with data", async ({ app }) => {
  const token = app.addPerson(people.admin, "admin", "export");
  const folder = join(app.data, "demo");
  app.run("demo", "--customers", "600", "--seed", "3", "--output", folder);
  for (const kind of ["products", "customers", "campaigns", "campaign_costs", "orders", "order_lines", "touches"])
    app.run("import", join(folder, `${kind}.csv`), "--kind", kind);
  app.run("segment", "rfm");
  // A page that shows a running job reloads when it ends: the data is looked through before anybody opens it.
  const quality = () => fetch(`${app.url}/api/v1/uploads/quality`, { headers: { authorization: `Bearer ${token}` } });
  await expect.poll(async () => (await quality()).status, { timeout: 60_000 }).toBe(200);
});

for (const scheme of ["light", "dark"] as const) {
  test(`no page breaks the rules of accessibility, ${scheme}`, async ({ page, app }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(`${app.url}/sign-in`);
    await expectAccessible(page);
    await signIn(page, app, people.admin);
    for (const path of ["/", "/segments", "/segments/runs/1", "/portraits?segment=run:1:champions&baseline=all", "/campaigns", "/uploads", "/uploads/new", "/uploads/1", "/uploads/1/map", "/uploads/quality", "/uploads/demo", "/jobs", "/jobs/1", "/account", "/admin", "/admin/tokens", "/admin/audit", "/admin/settings", "/admin/people/1", "/campaigns/K01", "/nowhere"]) {
      await page.goto(app.url + path);
      await test.step(path, () => expectAccessible(page));
    }
  });
}

test("the arrow keys walk through a chart", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  await page.goto(app.url);
  const island = page.locator("leptos-island").filter({ has: page.locator("svg[role=img]") }).first();
  await expect(island).toBeVisible();
  const focusable = island.locator("[tabindex='0']").first();
  await focusable.focus();
  await page.keyboard.press("ArrowRight");
  const first = await island.locator("[aria-live]").innerText();
  expect(first).not.toBe("");
  await page.keyboard.press("ArrowRight");
  await expect.poll(async () => island.locator("[aria-live]").innerText()).not.toBe(first);
});

test("a bar becomes a condition by the keyboard and by a click", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  const chart = page.locator(".chart-fit").first();
  const island = chart.locator(".chart-plot").filter({ visible: true }).first();
  await page.goto(`${app.url}/segments/runs/1`);
  await island.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/segments\/new\?rule=.*run/);
  await page.goto(`${app.url}/segments/runs/1`);
  await island.locator(".chart-links a").first().click();
  await expect(page).toHaveURL(/\/segments\/new\?rule=.*run/);
});

test("an upload shows how much is sent, a job how far it is, without a reload", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/uploads/new`);
  await page.locator("input[name=kind][value=interactions]").check();
  await page.locator("input[type=file]").setInputFiles(join(app.data, "demo", "interactions.csv"));
  await page.locator("main form button[type=submit]").first().click();
  await expect(page).toHaveURL(/\/map$/);
  await page.locator("button[name=mode][value=commit]").click();
  await expect(page).toHaveURL(/\/uploads\/\d+$/);
  // The island follows the job and brings the page up to date when it has ended.
  await expect(page.locator("main .chip--good").first()).toBeVisible({ timeout: 60_000 });
});
