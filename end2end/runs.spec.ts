// Runs of every method and the moves between two of them, as people use them: with and without JavaScript, in both languages.

import { join } from "node:path";
import { expect, expectAccessible, people, signIn, test } from "./silhouette";

test.use({ installation: "runs" });
test.describe.configure({ mode: "serial" });

test("an installation with customers and orders", async ({ app }) => {
  app.addPerson(people.admin, "admin", "export");
  app.addPerson(people.manager, "manager");
  const folder = join(app.data, "demo");
  app.run("demo", "--customers", "500", "--seed", "4", "--output", folder);
  for (const kind of ["products", "customers", "orders", "order_lines"]) app.run("import", join(folder, `${kind}.csv`), "--kind", kind);
  app.run("segment", "rfm", "--as-of", "2026-06-30");
  app.run("segment", "rfm");
});

test("clusters are asked for on a form and explain themselves", async ({ page, app }) => {
  await signIn(page, app, people.manager);
  await page.goto(`${app.url}/segments`);
  await page.getByRole("link", { name: "New run" }).click();
  await page.getByRole("link", { name: "k-means", exact: true }).click();
  await expectAccessible(page);
  await page.getByLabel("Days as a customer").check();
  await page.getByLabel("How many groups").selectOption("4");
  await page.getByRole("button", { name: "Run k-means" }).click();
  await expect(page).toHaveURL(/\/segments\/runs\/3$/);
  // The page reloads by itself when the job ends, where it can.
  await expect(async () => {
    await page.goto(`${app.url}/segments/runs/3`);
    await expect(page.locator("#content").getByText("Silhouette", { exact: true })).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await expect(page.getByRole("heading", { name: "What sets the groups apart" })).toBeVisible();
  await expect(page.locator("main").getByText("C4:").first()).toBeVisible();
  await expect(page.locator("main").getByText("current run").first()).toBeVisible();
  await expectAccessible(page);
});

test("what cannot be run comes back with the form as it was sent", async ({ page, app }) => {
  await signIn(page, app, people.manager);
  await page.goto(`${app.url}/segments/run?method=lifecycle`);
  await page.getByLabel("Slipping from").fill("9");
  await page.getByRole("button", { name: "Run Lifecycle" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("Slipping from")).toHaveValue("9");
  await page.goto(`${app.url}/segments/run?method=rfm`);
  await expect(page.getByLabel("Recency 5, frequency 5")).toHaveValue("champions");
  await expectAccessible(page);
});

test("moves between two runs are seen, saved as a segment and taken out", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/segments/runs/2`);
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page).toHaveURL(/\/segments\/runs\/2\/moves\?from=1$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("From run 1 to run 2");
  for (const title of ["Flow", "Matrix"]) await expect(page.getByRole("heading", { name: title, exact: true })).toBeVisible();
  await expectAccessible(page);
  const people_of_cell = page.locator("main table").last().locator("tbody tr").first();
  const size = Number((await people_of_cell.locator("td.num").first().innerText()).replace(/\D/g, ""));
  const file = await people_of_cell.getByRole("link", { name: "Members" }).getAttribute("href");
  const answer = await page.request.get(app.url + file);
  expect(answer.status()).toBe(200);
  expect((await answer.text()).trim().split("\r\n").length).toBe(size + 1);
  await people_of_cell.locator("summary").click();
  await people_of_cell.getByLabel("Name").fill("Moved");
  await people_of_cell.getByRole("button", { name: "Save as segment" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Saved as the segment “Moved”" })).toContainText(`${size}`);
});

test("an earlier run can be made the one that counts", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/segments/runs/1`);
  await page.getByRole("button", { name: "Make this the current run" }).click();
  await expect(page.locator("main .head").getByText("current run")).toBeVisible();
  await page.goto(`${app.url}/segments`);
  await expect(page.locator("main").getByText("RFM, run 1,")).toBeVisible();
});

test("the pages are whole in Chinese and fit a phone", async ({ browser, app, javaScriptEnabled }) => {
  const context = await browser.newContext({ locale: "zh-CN", javaScriptEnabled, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await signIn(page, app, people.admin);
  for (const path of ["/segments/run?method=rfm", "/segments/run?method=kprototypes", "/segments/run?method=lifecycle", "/segments/runs/3", "/segments/runs/2/moves?from=1", "/segments/runs/3/moves?from=2"]) {
    const answer = await page.goto(app.url + path);
    expect(answer?.status(), path).toBe(200);
    expect(await page.locator("html").getAttribute("lang"), path).toContain("zh");
    expect(await page.locator("[style]").count(), path).toBe(0);
    const beyond = await page.locator("body").evaluate((body) => body.ownerDocument.documentElement.scrollWidth - body.ownerDocument.documentElement.clientWidth);
    expect(beyond, `${path}: wider than the phone`).toBeLessThanOrEqual(0);
  }
  await context.close();
});
