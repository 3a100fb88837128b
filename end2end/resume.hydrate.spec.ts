// A large file goes in parts: a connection that breaks, a server that is killed and a page that is left only make it wait. What arrives is the
// file, byte by byte.

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page, Route } from "@playwright/test";
import { expect, people, signIn, test, type Silhouette } from "./silhouette";

test.use({ installation: "resume" });
test.describe.configure({ mode: "serial" });

const parts = "**/api/v1/uploads/*/data?*";
const partBytes = 8 * 1024 * 1024;
const rows = 360_000;

/** Some 20 MB of lines: three parts. */
function lines(mark: string): string {
  const text = ["order_id,customer_id,ordered_at,product_id,quantity,unit_price,note"];
  for (let n = 0; n < rows; n++) text.push(`${mark}${n},C${n % 1000},2026-0${1 + (n % 9)}-11T10:00:00Z,P${n % 50},${1 + (n % 3)},${n % 90}.25,"${mark} ${n % 7}, ok"`);
  return `${text.join("\n")}\n`;
}

function write(app: Silhouette, name: string): { path: string; hash: string } {
  const path = join(app.data, name);
  const text = lines(name[0] ?? "x");
  writeFileSync(path, text);
  expect(text.length).toBeGreaterThan(2 * partBytes);
  return { path, hash: createHash("sha256").update(text).digest("hex") };
}

async function choose(page: Page, app: Silhouette, path: string): Promise<void> {
  await page.goto(`${app.url}/uploads/new`);
  await page.locator("input[name=kind][value=order_lines]").check();
  await page.locator("input[type=file]").setInputFiles(path);
  await page.locator("main form button[type=submit]").first().click();
}

/** The mapping page has come, and what has arrived is the file. */
async function arrived(page: Page, hash: string): Promise<void> {
  await expect(page).toHaveURL(/\/uploads\/\d+\/map$/, { timeout: 100_000 });
  await expect(page.locator('select[name="column:order_id"]')).toHaveValue("order_id");
  await page.goto(page.url().replace("/map", ""));
  await expect(page.locator("main")).toContainText(hash.slice(0, 16));
}

function offset(route: Route): number {
  return Number(new URL(route.request().url()).searchParams.get("offset"));
}

test("a connection that breaks in the middle is waited for", async ({ page, app }) => {
  app.addPerson(people.admin, "admin", "export");
  await signIn(page, app, people.admin);
  const file = write(app, "a.csv");
  const sent: number[] = [];
  await page.route(parts, async (route) => {
    sent.push(offset(route));
    // The second part never arrives, and neither does the question after it.
    if (sent.length === 2) await route.abort("connectionreset");
    else await route.continue();
  });
  let asked = 0;
  await page.route("**/api/v1/uploads/*/data", async (route) => {
    asked += 1;
    if (asked === 1) await route.abort("internetdisconnected");
    else await route.continue();
  });
  await choose(page, app, file.path);
  await expect(page.locator("main")).toContainText("The connection broke. 8.4 MB of");
  await arrived(page, file.hash);
  expect(sent[0]).toBe(0);
  expect(sent[1]).toBe(partBytes);
  expect(sent[2], "it goes on where it stopped").toBe(partBytes);
  expect(asked).toBeGreaterThan(1);
});

test("a server that is killed in the middle of a part is waited for", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  const file = write(app, "b.csv");
  let killed = false;
  await page.route(parts, async (route) => {
    if (!killed && offset(route) > 0) {
      killed = true;
      await app.kill();
    }
    await route.continue().catch(() => undefined);
  });
  await choose(page, app, file.path);
  await expect(page.locator("main")).toContainText("The connection broke.");
  await app.start();
  await arrived(page, file.hash);
  expect(killed).toBe(true);
});

test("sending can be stopped, and goes on when the same file is chosen after the page was loaded anew", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  const file = write(app, "c.csv");
  // The second part hangs until it is stopped.
  await page.route(parts, (route) => (offset(route) === 0 ? route.continue() : undefined));
  await choose(page, app, file.path);
  const line = page.locator("main .progress");
  await expect(line).toContainText(/8\.4 MB of|8\.\d MB of/);
  await line.locator("button").click();
  await expect(page.locator("main [role=status]")).toContainText("Stopped. 8.4 MB of");
  await page.unrouteAll({ behavior: "ignoreErrors" });

  await page.goto(`${app.url}/uploads/new`);
  await expect(page.locator("main [role=status]")).toContainText("c.csv: 8.4 MB of");
  const sent: number[] = [];
  await page.route(parts, async (route) => {
    sent.push(offset(route));
    await route.continue();
  });
  await choose(page, app, file.path);
  await arrived(page, file.hash);
  expect(sent[0], "nothing is sent twice").toBe(partBytes);
  await page.goto(`${app.url}/uploads/new`);
  await expect(page.locator("main [role=status]")).toBeHidden();
});

test("what has arrived in part says so", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  const file = write(app, "d.csv");
  await page.route(parts, (route) => (offset(route) === 0 ? route.continue() : undefined));
  await choose(page, app, file.path);
  await expect(page.locator("main .progress")).toContainText(/8\.\d MB of/);
  await page.goto(`${app.url}/uploads`);
  await page.locator("main a", { hasText: "d.csv" }).first().click();
  await expect(page.locator("main")).toContainText("of this file have arrived");
  await expect(page.locator('a[href="/uploads/new?kind=order_lines"]')).toBeVisible();
});
