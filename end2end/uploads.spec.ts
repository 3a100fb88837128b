// What an administrator sees and decides when a file goes in: how values are read, words that mean the same, a check before anything is written,
// reasons in the reader's language, what is known of the file, how good the data is, and demo data that goes at once. With and without JavaScript.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, people, signIn, test, type Silhouette } from "./silhouette";

test.use({ installation: "uploads" });
test.describe.configure({ mode: "serial" });

const file = "order;day;sum;pay\n1;5/2/2010;1.234,50;COD\n2;6/2/2010;2,5;Cash on Delivery\n3;7/2/2010;3,5;COD\n4;8/2/2010;viel;COD\n";

async function send(page: Page, app: Silhouette, kind: string, name: string, text: string): Promise<void> {
  const path = join(app.data, name);
  writeFileSync(path, text);
  await page.goto(`${app.url}/uploads/new`);
  await page.locator(`input[name=kind][value=${kind}]`).check();
  await page.locator("input[type=file]").setInputFiles(path);
  await page.locator("main form button[type=submit]").first().click();
  await expect(page).toHaveURL(/\/uploads\/\d+\/map$/);
}

/** The page of an upload once its job has ended. */
async function ended(page: Page, word: string): Promise<void> {
  await expect
    .poll(
      async () => {
        try {
          if ((await page.locator("main .chip", { hasText: word }).count()) > 0) return true;
          await page.reload();
          return (await page.locator("main .chip", { hasText: word }).count()) > 0;
        } catch {
          return false;
        }
      },
      { timeout: 100_000, intervals: [300, 700, 1500] },
    )
    .toBe(true);
  await page.waitForLoadState("networkidle");
}

test("an ambiguous date is shown as it is read, and can be read otherwise", async ({ page, app }) => {
  app.addPerson(people.admin, "admin", "export");
  await signIn(page, app, people.admin);
  await send(page, app, "orders", "orders.csv", file);
  for (const [field, column] of [["order_id", "order"], ["ordered_at", "day"], ["total", "sum"], ["payment_method", "pay"]])
    await page.locator(`select[name="column:${field}"]`).selectOption(column);
  await page.locator("button[name=mode][value=look]").click();
  await expect(page).toHaveURL(/\/map(#reading)?$/);
  await expect(page.locator("main")).toContainText("5 Feb 2010");
  await expect(page.locator("main")).toContainText("a guess, please check");
  await expect(page.locator("main")).toContainText("1234.5");
  await page.locator("select[name=date_order]").selectOption("month_day_year");
  await page.locator("button[name=mode][value=look]").click();
  await expect(page.locator("main")).toContainText("2 May 2010");
  await expect(page.locator('select[name="column:total"]')).toHaveValue("sum");
});

test("words that mean the same are made one, a check writes nothing, and one button imports", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/uploads/1/map`);
  await expect(page.locator("main")).toContainText("Probably the same as “Cash on Delivery”.");
  await page.locator('input[name="value:payment_method:COD"]').fill("Cash on Delivery");
  await page.locator("button[name=mode][value=dry_run]").click();
  await expect(page).toHaveURL(/\/uploads\/1$/);
  await ended(page, "checked");
  await expect(page.locator("#rejects")).toContainText("“viel” is not a number");
  await expect(page.locator("#rejects")).toContainText("Total");
  await expect(page.locator("main")).toContainText("COD → Cash on Delivery");
  await page.goto(app.url);
  await page.goto(`${app.url}/uploads/1`);
  await page.locator('form[action$="/commit"] button').click();
  await ended(page, "imported");
  await expect(page.locator(".kpi", { hasText: "New" }).locator(".value").first()).toHaveText("3");
});

test("reasons are said in the language of the page", async ({ browser, app, javaScriptEnabled }) => {
  const context = await browser.newContext({ locale: "zh-CN", javaScriptEnabled });
  const page = await context.newPage();
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/uploads/1`);
  await expect(page.locator("#rejects")).toContainText("“viel” 不是数字");
  await context.close();
});

test("the same file and the same columns are recognised", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  await send(page, app, "orders", "orders.csv", file);
  await expect(page.locator("main")).toContainText("The same file was uploaded on");
  await expect(page.locator("main")).toContainText("A file with the same columns was imported on");
  await expect(page.locator('select[name="column:total"]')).toHaveValue("sum");
  await expect(page.locator('input[name="value:payment_method:COD"]')).toHaveValue("Cash on Delivery");
});

test("a mapping that lacks a field comes back with the field marked", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  await send(page, app, "orders", "other.csv", "a,b\n1,x\n");
  await page.locator('select[name="column:city"]').selectOption("b");
  await page.locator("button[name=mode][value=dry_run]").click();
  await expect(page.locator('select[name="column:order_id"]')).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator('select[name="column:city"]')).toHaveValue("b");
});

test("one file is taken as something else without being sent again", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  await send(page, app, "order_lines", "lines.csv", "order_id,product_id,unit_price,customer_id,gender\n11,A,1,C1,F\n12,B,2,C2,M\n");
  await page.locator("button[name=mode][value=commit]").click();
  await expect(page).toHaveURL(/\/uploads\/\d+$/);
  await ended(page, "imported");
  await page.locator('form[action$="/again"] select').selectOption("customers");
  await page.locator('form[action$="/again"] button').click();
  await expect(page).toHaveURL(/\/map$/);
  await expect(page.locator('select[name="column:gender"]')).toHaveValue("gender");
});

test("the quality of the data is told with its base", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/uploads`);
  await page.locator('a[href="/uploads/quality"]').click();
  await expect(page.locator("main h1")).toHaveText("Data quality");
  await expect
    .poll(
      async () => {
        // The page comes anew by itself when its job has ended, perhaps in this very moment.
        try {
          if ((await page.locator("main").innerText()).includes("How new the data is")) return true;
          await page.reload();
        } catch {
          return false;
        }
        return false;
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  await expect(page.locator("main")).toContainText("Orders without a customer");
});

test("demo data goes at once, after saying what goes", async ({ page, app }) => {
  app.run("demo-load", "--customers", "150");
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/uploads`);
  await page.locator('a[href="/uploads/demo"]').click();
  await expect(page.locator("main")).toContainText("Nothing has been done yet.");
  await page.locator('form[action="/uploads/demo"] button').click();
  await expect(page).toHaveURL(/\/jobs\/\d+$/);
  await ended(page, "done");
  await page.goto(`${app.url}/uploads/demo`);
  await expect(page.locator("main")).toContainText("There is no demo data");
  await page.goto(`${app.url}/uploads/1`);
  await expect(page.locator("main .chip", { hasText: "imported" }).first()).toBeVisible();
});
