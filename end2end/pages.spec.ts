// Every page, whole and in time, in both languages and on a phone, with and without JavaScript.

import { join } from "node:path";
import { writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, people, signIn, test } from "./silhouette";

const pages = ["/", "/segments", "/segments/runs/1", "/portraits?segment=run:1:champions&baseline=all", "/tags", "/tags/new", "/tags/new?kind=model", "/campaigns", "/uploads", "/uploads/new", "/uploads/1", "/uploads/1/map", "/uploads/quality", "/uploads/demo", "/jobs", "/jobs/1", "/account", "/admin", "/admin/tokens", "/admin/audit", "/admin/settings"];

test.use({ installation: "pages" });
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

/** Pixels by which the page is wider than its window. */
async function beyond(page: Page): Promise<number> {
  return page.locator("body").evaluate((body) => body.ownerDocument.documentElement.scrollWidth - body.ownerDocument.documentElement.clientWidth);
}

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
      expect(await beyond(page), `${path}: wider than the phone`).toBeLessThanOrEqual(0);
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

test("the text of charts keeps its size on every screen", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  for (const width of [390, 600, 800, 1024, 1280, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    for (const path of ["/", "/segments", "/campaigns"]) {
      await page.goto(app.url + path);
      const charts = page.locator(".chart-fit");
      expect(await charts.count(), path).toBeGreaterThan(0);
      for (const chart of await charts.all()) {
        const drawings = chart.locator("svg[role=img]").filter({ visible: true });
        await expect(drawings, `${path} at ${width}: one drawing of each chart`).toHaveCount(1);
        const scale = await drawings.evaluate((svg) => svg.getBoundingClientRect().width / (svg as unknown as SVGSVGElement).viewBox.baseVal.width);
        expect(scale, `${path} at ${width}`).toBeGreaterThan(0.88);
        expect(scale, `${path} at ${width}`).toBeLessThan(1.32);
      }
    }
  }
});

test("the chosen days go from page to page and into the files", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/campaigns?from=2026-06-01&until=2026-08-31&done=x`);
  const days = "from=2026-06-01&to=2026-09-01";
  await expect(page.locator("main a", { hasText: "XLSX" })).toHaveAttribute("href", `/reports/campaigns.xlsx?${days}`);
  await expect(page.locator("main a", { hasText: "SVG" }).first()).toHaveAttribute("href", `/charts/campaign-returns.svg?${days}`);
  await expect(page.locator("aside nav a[href^='/?']").first()).toHaveAttribute("href", `/?${days}`);
  expect((await page.request.get(`${app.url}/reports/campaigns.xlsx?${days}`)).status()).toBe(200);
});

test("names of any length and script keep the page in shape", async ({ page, app }) => {
  const names = ["long words ".repeat(20), "x".repeat(200), "حملة الربيع للعملاء الجدد", "🎉🛍️ family 👩‍👩‍👧‍👦 week", "春季大促".repeat(50), '<b>"quoted" & bold</b>'];
  const campaigns = join(app.data, "long-campaigns.csv");
  const costs = join(app.data, "long-costs.csv");
  const many = [...Array(60).keys()];
  writeFileSync(campaigns, ["campaign_id,name", ...many.map((n) => `long${n},"${(names[n] ?? `Campaign ${n}`).replace(/"/g, '""')}"`)].join("\n"));
  writeFileSync(costs, ["campaign_id,day,cost", ...many.map((n) => `long${n},2026-07-01,${1 + n * 1000}`)].join("\n"));
  app.run("import", campaigns, "--kind", "campaigns");
  app.run("import", costs, "--kind", "campaign_costs");
  await signIn(page, app, people.admin);
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    for (const path of ["/?from=2026-06-01&to=2026-09-01", "/campaigns?from=2026-06-01&to=2026-09-01", ...names.map((_, n) => `/campaigns/long${n}`)]) {
      await page.goto(app.url + path);
      expect(await beyond(page), `${path} at ${width}`).toBeLessThanOrEqual(0);
      await expect(page.locator("main b").filter({ hasText: "quoted" })).toHaveCount(0);
    }
    // No name takes more than two lines of the list, and the figures beside it stay in sight.
    await page.goto(`${app.url}/campaigns?from=2026-06-01&to=2026-09-01`);
    const heights = await page.locator("main table").last().locator("tbody tr").evaluateAll((rows) => rows.map((row) => (row as HTMLElement).offsetHeight));
    expect(heights.length).toBeGreaterThanOrEqual(60);
    expect(Math.max(...heights)).toBeLessThan(110);
  }
});

test("paper is white in every theme and has no controls", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  await page.context().addCookies([{ name: "silhouette_theme", value: "dark", url: app.url }]);
  await page.goto(`${app.url}/campaigns`);
  const colours = () => page.locator("main .card").first().evaluate((card) => [getComputedStyle(card).backgroundColor, getComputedStyle(card).color]);
  expect((await colours())[0]).not.toBe("rgb(255, 255, 255)");
  await page.emulateMedia({ media: "print" });
  expect(await colours()).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
  await expect(page.locator("header.bar")).toBeHidden();
  await expect(page.locator("aside")).toBeHidden();
  await expect(page.locator("main .head .actions")).toBeHidden();
});
