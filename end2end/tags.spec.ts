// Tags from making to deleting, with and without JavaScript: the first tier that fits, ids that are sent, who uses whom.

import { join } from "node:path";
import { expect, expectAccessible, people, signIn, test } from "./silhouette";

test.use({ installation: "tags" });
test.describe.configure({ mode: "serial" });

test("an installation with data and a segment", async ({ app }) => {
  const token = app.addPerson(people.admin, "admin", "export");
  app.addPerson(people.manager, "manager");
  const folder = join(app.data, "demo");
  app.run("demo", "--customers", "400", "--seed", "5", "--output", folder);
  for (const kind of ["products", "customers", "orders", "order_lines"]) app.run("import", join(folder, `${kind}.csv`), "--kind", kind);
  const rule = { orders: { count: { ge: 5 } } };
  const made = await fetch(`${app.url}/api/v1/segments`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "Often", rule }),
  });
  expect(made.status).toBe(201);
});

test("a rule tag is made, seen, used, and guarded", async ({ page, app }, info) => {
  const name = `Loyalty ${info.project.name}`;
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/tags`);
  await page.locator("main a[href='/tags/new']").first().click();
  await expect(page.locator("main h1")).toBeVisible();
  await expectAccessible(page);
  await page.locator("input[name=name]").fill(name);
  await page.locator("input[name=folder]").fill("Care");
  await page.locator("#tier-0-value").fill("gold");
  await page.locator("#tier-0-segment").selectOption({ index: 1 });
  await page.locator("#tier-1-value").fill("some");
  await page.locator(".tag-tier").nth(1).locator("summary").click();
  await page.locator("#tier-1-rule").fill('{"orders": {"count": {"ge": 1}}');
  await page.locator("main form button[type=submit]").click();
  // Not JSON: what was typed stays, and the place is named.
  await expect(page.locator("#tier-0-value")).toHaveValue("gold");
  await expect(page.locator(".tag-tier").nth(1).locator(".fault")).toBeVisible();
  await page.locator("#tier-1-rule").fill('{"orders": {"count": {"ge": 1}}}');
  await page.locator("main form button[type=submit]").click();
  await expect(page).toHaveURL(/\/tags\/\d+\?done=saved$/);
  await expectAccessible(page);
  const values = page.locator("main table").filter({ hasText: "gold" }).first();
  await expect(values.locator("tbody tr")).toHaveCount(2);
  // Portrait and members of one value.
  const row = values.locator("tbody tr").filter({ hasText: "gold" });
  const members = await page.request.get(app.url + (await row.locator("a[href*='members.csv']").getAttribute("href")));
  const lines = (await members.text()).trim().split("\r\n");
  expect(lines[0].replace("\ufeff", "")).toBe("external_id,value");
  expect(lines.length - 1).toBe(Number((await row.locator("td").nth(1).innerText()).replace(/\D/g, "")));
  await row.locator("a[href^='/portraits']").click();
  await expect(page.locator("main h1")).toBeVisible();
  // A tag that names it keeps it from being deleted.
  await page.goto(`${app.url}/tags/new`);
  await page.locator("input[name=name]").fill(`Outer ${info.project.name}`);
  await page.locator("#tier-0-value").fill("yes");
  await page.locator(".tag-tier").first().locator("summary").click();
  await page.locator("#tier-0-rule").fill(JSON.stringify({ tag: name.toUpperCase(), value: "gold" }));
  await page.locator("main form button[type=submit]").click();
  await expect(page).toHaveURL(/done=saved/);
  const outer = page.url();
  await page.goto(`${app.url}/tags?folder=Care`);
  await page.locator("main table a", { hasText: name }).click();
  await expect(page.locator("main form[action$='/delete']")).toHaveCount(0);
  await expect(page.locator("main a", { hasText: `Outer ${info.project.name}` })).toBeVisible();
  await page.goto(outer);
  await page.locator("main form[action$='/delete'] button").click();
  await expect(page).toHaveURL(/\/tags\?done=deleted$/);
});

test("ids are sent with their values and changed one by one", async ({ page, app }, info) => {
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/tags/new?kind=uploaded`);
  await page.locator("input[name=name]").fill(`Club ${info.project.name}`);
  await page.locator("main form button[type=submit]").click();
  await expect(page).toHaveURL(/done=saved/);
  const token = app.run("token", "create", "--email", people.admin.email).trim();
  const customers = await fetch(`${app.url}/api/v1/tags/1/members.csv`, { headers: { authorization: `Bearer ${token}` } });
  const ids = (await customers.text()).split("\r\n").slice(1, 4).map((line) => line.split(",")[0]);
  await page.locator("#ids").fill(`id,value\n${ids[0]},gold\n${ids[1]},gold\n${ids[2]},silver`);
  await page.locator("form[action$='/values'] button").click();
  await expect(page).toHaveURL(/done=values/);
  const size = (value: string) => page.locator("main table tbody tr").filter({ hasText: value }).locator("td").nth(1);
  await expect(size("gold")).toHaveText("2");
  await page.locator("#ids").fill(`${ids[0]},silver`);
  await page.locator("form[action$='/values'] button").click();
  await expect(size("silver")).toHaveText("2");
  await page.locator("#ids").fill("one cell only");
  await page.locator("form[action$='/values'] button").click();
  await expect(page.locator("#ids")).toHaveValue("one cell only");
  await expect(page.locator("form[action$='/values'] .fault")).toBeVisible();
  await expectAccessible(page);
});

test("the catalogue fits a phone in both languages, and who may only see changes nothing", async ({ browser, app, javaScriptEnabled }) => {
  for (const locale of ["en", "zh-CN"]) {
    const context = await browser.newContext({ locale, javaScriptEnabled, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await signIn(page, app, people.manager);
    for (const path of ["/tags", "/tags/1", "/tags/new?kind=best", "/tags/new?kind=model", "/tags/1/edit"]) {
      expect((await page.goto(app.url + path))?.status(), path).toBe(200);
      const beyond = await page.locator("body").evaluate((body) => body.ownerDocument.documentElement.scrollWidth - body.ownerDocument.documentElement.clientWidth);
      expect(beyond, path).toBeLessThanOrEqual(0);
      expect(await page.locator("[style]").count(), path).toBe(0);
      await expectAccessible(page);
    }
    await page.goto(`${app.url}/tags/1`);
    await expect(page.locator("main a[href*='members.csv']")).toHaveCount(0);
    expect((await page.request.get(`${app.url}/tags/1/members.csv`)).status()).toBe(403);
    await context.close();
  }
});
