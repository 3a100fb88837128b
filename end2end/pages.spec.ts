// Every page, whole and in time, in both languages and on a phone, with and without JavaScript.

import { join } from "node:path";
import { expect, people, signIn, test } from "./silhouette";

const pages = ["/", "/segments", "/segments/runs/1", "/portraits?segment=run:1:champions&baseline=all", "/campaigns", "/uploads", "/uploads/new", "/uploads/1", "/jobs", "/jobs/1", "/account", "/admin", "/admin/tokens", "/admin/audit", "/admin/settings"];

test.use({ installation: "pages" });
test.describe.configure({ mode: "serial" });

test("an installation with data", async ({ app }) => {
  app.addPerson(people.admin, "admin", "export");
  const folder = join(app.data, "demo");
  app.run("demo", "--customers", "600", "--seed", "3", "--output", folder);
  for (const kind of ["products", "customers", "campaigns", "campaign_costs", "orders", "order_lines", "touches"])
    app.run("import", join(folder, `${kind}.csv`), "--kind", kind);
  app.run("segment", "rfm");
});

for (const language of ["en", "zh-CN"]) {
  test(`every page is whole within five seconds and fits a phone, ${language}`, async ({ browser, app, javaScriptEnabled }) => {
    const context = await browser.newContext({ locale: language, javaScriptEnabled, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    const said: string[] = [];
    page.on("console", (message) => message.type() === "error" && said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    await signIn(page, app, people.admin);
    for (const path of pages) {
      const started = Date.now();
      const answer = await page.goto(app.url + path, { waitUntil: "load" });
      expect(answer?.status(), path).toBe(200);
      expect(Date.now() - started, path).toBeLessThan(5000);
      expect(await page.locator("html").getAttribute("lang"), path).toContain(language.slice(0, 2));
      await expect(page.locator("main h1"), path).toBeVisible();
      expect(await page.locator("[style]").count(), `${path}: inline styles`).toBe(0);
      const beyond = await page.locator("body").evaluate((body) => body.ownerDocument.documentElement.scrollWidth - body.ownerDocument.documentElement.clientWidth);
      expect(beyond, `${path}: wider than the phone`).toBeLessThanOrEqual(0);
    }
    expect(said).toEqual([]);
    await context.close();
  });
}

test("what does not exist, and what is not allowed, says so and leads back", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  const gone = await page.goto(`${app.url}/uploads/999999`);
  expect(gone?.status()).toBe(404);
  await expect(page.locator("main a").first()).toBeVisible();
  app.addPerson(people.manager, "manager");
  await page.context().clearCookies();
  await signIn(page, app, people.manager);
  const refused = await page.goto(`${app.url}/admin`);
  expect(refused?.status()).toBe(403);
});
