// From a file to a portrait, a segment and a campaign's return: the six steps that the product exists for, as people do them. Runs with and
// without JavaScript; each run has a program and a database of its own.

import { createReadStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import type { Page } from "@playwright/test";
import { expect, people, signIn, test, type Silhouette } from "./silhouette";

const retail = join(__dirname, "../../shared/data/online-retail/online_retail.csv.gz");
const retailColumns: Record<string, string> = {
  order_id: "InvoiceNo",
  product_id: "StockCode",
  product_name: "Description",
  quantity: "Quantity",
  ordered_at: "InvoiceDate",
  unit_price: "UnitPrice",
  customer_id: "CustomerID",
};

test.use({ installation: "main-job" });
test.describe.configure({ mode: "serial" });

/** Reloads until the page says what is expected: with islands it would change by itself, without them people reload. */
async function reloadUntil(page: Page, expected: () => Promise<boolean>): Promise<void> {
  await expect
    .poll(
      async () => {
        // An island may lead the page on at any moment, which interrupts what we ask of it.
        try {
          if (await expected()) return true;
          await page.reload();
          return await expected();
        } catch {
          return false;
        }
      },
      { timeout: 100_000, intervals: [300, 700, 1500] },
    )
    .toBe(true);
}

async function upload(page: Page, app: Silhouette, kind: string, file: string, columns: Record<string, string> = {}): Promise<void> {
  await page.goto(`${app.url}/uploads/new`);
  await page.locator(`input[name=kind][value=${kind}]`).check();
  await page.locator("input[type=file]").setInputFiles(file);
  await page.locator("main form button[type=submit]").first().click();
  await expect(page).toHaveURL(/\/uploads\/\d+\/map$/);
  for (const [field, column] of Object.entries(columns)) {
    await page.locator(`select[name="column:${field}"]`).selectOption(column);
  }
  await page.locator("button[name=mode][value=commit]").click();
  await expect(page).toHaveURL(/\/uploads\/\d+$/);
  await reloadUntil(page, async () => (await page.locator("main").innerText()).includes("Rows read") && (await page.locator('form[action$="/cancel"]').count()) === 0);
  // The island reloads the page once when its job ends.
  await page.waitForLoadState("networkidle");
}

async function kpi(page: Page, label: string): Promise<string> {
  return (await page.locator(".kpi", { hasText: label }).locator(".value").first().innerText()).trim();
}

async function download(page: Page, link: ReturnType<Page["locator"]>): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return readFileSync(await file.path());
}

/** The cells of a table, row by row, as a reader sees them. */
async function cells(page: Page, caption: string): Promise<string[][]> {
  return page.locator("table", { has: page.locator("caption", { hasText: caption }) }).first().locator("tbody tr").evaluateAll((rows) =>
    rows.map((row) => Array.from(row.querySelectorAll("td, th")).map((cell) => (cell as HTMLElement).innerText.trim())),
  );
}

function csv(bytes: Buffer): string[][] {
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  return text.trimEnd().split(/\r?\n/).map((line) => (line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? []).slice(0, line.split(",").length).map((cell) => cell.replace(/,$/, "").replace(/^"|"$/g, "").replace(/""/g, '"')));
}

test("1 · the first visitor becomes the administrator and adds people", async ({ page, app }) => {
  await expect.poll(() => app.code).not.toBe("");
  await page.goto(app.url);
  await expect(page).toHaveURL(/sign-in/);
  await page.locator("input[name=code]").fill("0000-0000-0000");
  await page.locator("input[name=email]").fill(people.admin.email);
  await page.locator("input[name=name]").fill(people.admin.name);
  await page.locator("input[name=password]").fill(people.admin.password);
  await page.locator("form button[type=submit]").first().click();
  await expect(page.locator("[role=alert], .notice--bad").first()).toBeVisible();
  await page.locator("input[name=code]").fill(app.code);
  await page.locator("input[name=email]").fill(people.admin.email);
  await page.locator("input[name=password]").fill(people.admin.password);
  await page.locator("form button[type=submit]").first().click();
  await expect(page).not.toHaveURL(/sign-in/);
  for (const [person, role] of [[people.manager, "manager"], [people.lead, "lead"]] as const) {
    await page.goto(`${app.url}/admin`);
    await page.locator("main input[name=email]").fill(person.email);
    await page.locator("main input[name=name]").fill(person.name);
    await page.locator("main select[name=role], main input[name=role]").first().selectOption(role);
    await page.locator("main input[name=password]").fill(person.password);
    await page.locator("form", { has: page.locator("input[name=password]") }).locator("button[type=submit]").click();
    await expect(page.locator("main")).toContainText(person.email);
  }
});

test("2 · an empty installation says what to do next", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  for (const path of ["/", "/segments", "/portraits", "/campaigns", "/uploads", "/jobs"]) {
    const answer = await page.goto(app.url + path);
    expect(answer?.status(), path).toBe(200);
    await expect(page.locator("main h1")).toBeVisible();
  }
});

test("3 · half a million real order lines go in, and every row is accounted for", async ({ page, app }) => {
  test.skip(!existsSync(retail), "the real data set is not beside this checkout");
  await signIn(page, app, people.admin);
  await upload(page, app, "order_lines", retail, retailColumns);
  expect(await kpi(page, "Rows read")).toBe("541,909");
  expect(await kpi(page, "Rejected")).toBe("2");
  await expect(page.locator("#rejects")).toContainText(/negative/i);
});

test("3 · demo files of every kind go in without a mapping", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  const folder = join(app.data, "demo");
  app.run("demo", "--customers", "1500", "--seed", "7", "--output", folder);
  for (const kind of ["products", "customers", "campaigns", "campaign_costs", "orders", "order_lines", "interactions", "touches", "reviews"]) {
    await upload(page, app, kind, join(folder, `${kind}.csv`));
    expect(await kpi(page, "Rejected"), kind).toBe("0");
  }
});

test("4 · the manager runs RFM and sees the Champions' portrait", async ({ page, app }) => {
  await signIn(page, app, people.manager);
  await page.goto(`${app.url}/segments`);
  await page.locator('form[action="/segments/run"] button[type=submit]').first().click();
  await reloadUntil(page, async () => (await page.locator("main").innerText()).includes("Champions"));
  await page.goto(`${app.url}/segments`);
  await page.locator("main table a", { hasText: "Champions" }).first().click();
  await expect(page).toHaveURL(/\/portraits\?segment=run/);
  await expect(page.locator("main h1")).toContainText("Champions");
  await expect(page.locator("main")).toContainText("TGI");
  await expect(page.locator("main")).toContainText(/95/);
});

test("5 · the manager sees what each campaign returned and opens one", async ({ page, app }) => {
  await signIn(page, app, people.manager);
  await page.goto(`${app.url}/campaigns`);
  await expect(page.locator("main svg[role=img]").first()).toBeVisible();
  await expect(page.locator("main")).toContainText("ROAS");
  await page.locator("main table a[href^='/campaigns/']").first().click();
  await expect(page).toHaveURL(/\/campaigns\/[^?]+/);
  await expect(page.locator("main")).toContainText("ROI");
  // A manager may not take rows out unless somebody gave the right.
  const refused = await page.request.get(`${app.url}/reports/campaigns.csv`);
  expect(refused.status()).toBe(403);
});

test("6 · the team lead's files equal the screen", async ({ page, app }) => {
  await signIn(page, app, people.lead);
  await page.goto(`${app.url}/campaigns`);
  const report = csv(await download(page, page.locator('a[href*="/reports/campaigns.csv"]').first()));
  const xlsx = await download(page, page.locator('a[href*="/reports/campaigns.xlsx"]').first());
  expect(xlsx.subarray(0, 2).toString()).toBe("PK");
  const names = await page.locator('main table a[href^="/campaigns/"]').allInnerTexts();
  expect(names.length).toBeGreaterThan(3);
  const header = report[0];
  const nameAt = header.findIndex((cell) => /^name|^campaign$/i.test(cell));
  expect(report.slice(1).map((row) => row[nameAt])).toEqual(expect.arrayContaining(names.map((name) => name.trim())));
  // Members of a segment: as many lines as the screen says.
  await page.goto(`${app.url}/segments`);
  const row = page.locator("main table tbody tr", { hasText: "Champions" }).first();
  const size = Number((await row.locator("td.num").first().innerText()).replace(/\D/g, ""));
  const members = csv(await download(page, page.locator("main table tbody tr", { hasText: "Champions" }).locator('a[href*="/members.csv"]').first()));
  expect(members.length - 1).toBe(size);
});
