// The rule builder by hand and keyboard: the count follows every change, conditions move between groups, faults stand at their place.

import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, people, signIn, test } from "./silhouette";

test.use({ installation: "builder-hand" });
test.describe.configure({ mode: "serial" });

test("an installation with data", async ({ app }) => {
  app.addPerson(people.admin, "admin", "export");
  const folder = join(app.data, "demo");
  app.run("demo", "--customers", "600", "--seed", "3", "--output", folder);
  for (const kind of ["products", "customers", "orders", "order_lines", "interactions"]) app.run("import", join(folder, `${kind}.csv`), "--kind", kind);
});

async function count(page: Page): Promise<number> {
  return Number((await page.locator(".builder-sum .big").innerText()).replaceAll(",", ""));
}

test("a rule of two conditions is built, counted, changed, saved and edited", async ({ page, app }) => {
  const said: string[] = [];
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/segments/new`);
  await expect.poll(() => count(page)).toBe(600);

  // A text with the values that occur.
  await page.locator(".rule-adder").selectOption("field:gender");
  const type = page.locator(".rule-type");
  await type.focus();
  await expect(page.locator(".rule-options li").first()).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.locator(".rule-chip")).toHaveCount(1);
  await expect.poll(() => count(page)).toBeLessThan(600);
  const one = await count(page);
  await page.keyboard.press("Escape");

  // A behaviour in a window of time.
  await page.locator(".rule-adder").first().selectOption("facts:orders");
  await expect.poll(() => count(page)).toBeLessThanOrEqual(one);
  await expect(page.locator(".rule-left")).toHaveCount(2);
  const second = page.locator(".rule-item").nth(1);
  await second.locator(".rule-number").first().fill("3");
  // Words and count come with one answer.
  await expect(page.locator(".rule-words")).toContainText("at least 3");
  const two = await count(page);
  expect(two).toBeLessThan(one);
  await expect(page.locator(".builder-find li").first()).toBeVisible();

  // Half-written is said and not counted; a fault of the server stands at its place.
  await second.locator(".rule-number").first().fill("x");
  await expect(second.locator(".rule-unfinished")).toBeVisible();
  await expect(page.locator("#rule-save")).toBeDisabled();
  await expect.poll(() => count(page)).toBe(one);
  // What was typed into one field is one step back.
  await page.locator(".builder-bar button").first().click();
  await expect(second.locator(".rule-number").first()).toHaveValue("1");
  await page.locator(".builder-bar button").nth(1).click();
  await expect(second.locator(".rule-number").first()).toHaveValue("x");
  await second.locator(".rule-number").first().fill("3");
  await expect.poll(() => count(page)).toBe(two);

  // Into a group of its own and out again, by keyboard.
  await second.locator(".rule-number").first().focus();
  await page.keyboard.press("Alt+ArrowRight");
  await expect(page.locator(".rule-item--group")).toHaveCount(1);
  await expect.poll(() => count(page)).toBe(two);
  await page.locator(".rule-item--group .rule-item .rule-menu > button").click();
  await page.locator(".rule-menu .menu-body .menu-item").nth(3).click();
  await expect(page.locator(".rule-item--group .rule-item")).toHaveCount(0);
  await page.locator(".rule-item--group > .rule-end .rule-menu > button").click();
  await page.locator(".rule-menu .menu-item--bad").click();

  // Turned round, it counts the others.
  await page.locator(".rule-item").nth(1).locator(".rule-not").click();
  await expect.poll(() => count(page)).toBe(one - two);
  await page.locator(".rule-item").nth(1).locator(".rule-not").click();
  await expectAccessible(page);

  await page.locator("input[name=name]").fill("By hand");
  await page.locator("#rule-save").click();
  await expect(page).toHaveURL(/\/segments\/\d+\?done=created$/);
  await expect(page.locator(".lead")).toContainText(two.toLocaleString("en"));
  await expectAccessible(page);
  await page.goto(`${app.url}/segments/saved`);
  await expect(page.locator("main table")).toContainText("By hand");
  await expectAccessible(page);

  await page.locator("main table a", { hasText: "By hand" }).click();
  await page.locator(".actions .btn--primary").click();
  await expect(page.locator(".rule-item")).toHaveCount(2);
  await expect.poll(() => count(page)).toBe(two);
  await page.locator(".rule-item").nth(1).locator(".rule-menu > button").click();
  await page.locator(".rule-menu .menu-item--bad").click();
  await expect.poll(() => count(page)).toBe(one);
  await page.locator("#rule-save").click();
  await expect(page).toHaveURL(/done=changed$/);
  expect(said).toEqual([]);
});

test("an outdated question is taken back", async ({ page, app }) => {
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/segments/new`);
  await expect.poll(() => count(page)).toBe(600);
  let held = 0;
  const aborted: string[] = [];
  page.on("requestfailed", (request) => aborted.push(request.url()));
  await page.route("**/segments/check", async (route) => {
    held += 1;
    if (held === 1) await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue().catch(() => undefined);
  });
  await page.locator(".rule-adder").selectOption("facts:orders");
  await page.waitForTimeout(400);
  await page.locator(".rule-number").first().fill("4");
  await expect.poll(() => aborted.some((url) => url.endsWith("/segments/check"))).toBe(true);
  await expect(page.locator(".rule-words")).toContainText("at least 4");
});

test("a bar of a portrait becomes a condition", async ({ page, app }) => {
  app.run("segment", "rfm");
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/portraits?segment=run:1:champions&baseline=all`);
  await page.locator(".masonry table a").first().click();
  await expect(page).toHaveURL(/\/segments\/new\?rule=/);
  await expect(page.locator(".rule-item")).toHaveCount(2);
});

test("what the builder shows follows the rule, and the focus stays where the hand is", async ({ page, app }) => {
  const said: string[] = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  const rule = {
    all: [
      { field: "gender", op: "in", value: ["female", "male", "other"] },
      { sequence: [{ interactions: {} }, { orders: { within_days: 90 } }], within_days: 14 },
    ],
  };
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/segments/new?rule=${encodeURIComponent(JSON.stringify(rule))}`);
  const chips = page.locator(".rule-chip");
  const held = () => page.locator("#rule-json").inputValue();
  const undo = page.locator(".builder-bar button").first();
  await expect(chips).toHaveCount(3);

  // Whoever takes a chip away with the keyboard stands on the next one.
  await chips.first().locator("button").focus();
  await page.keyboard.press("Enter");
  await expect(chips).toHaveCount(2);
  await expect(chips.first().locator("button")).toBeFocused();
  await expect(chips.first()).toContainText("Male");
  await undo.click();
  await expect(chips).toHaveCount(3);
  await expect(chips.first()).toContainText("Female");

  // Steps keep what was opened in them when they change places.
  const steps = page.locator(".rule-step");
  await steps.nth(1).locator(".rule-where > button").click();
  await expect(steps.nth(1).locator(".rule-group")).toHaveCount(1);
  await steps.nth(1).locator(".rule-step-end button").first().click();
  await expect(steps.first().locator(".rule-group")).toHaveCount(1);
  await expect(steps.first().locator(".rule-number")).toHaveValue("90");
  await expect(steps.first().locator(".rule-step-end button").first()).toBeDisabled();
  await expect(steps.nth(1).locator(".rule-group")).toHaveCount(0);

  // A window shows its own fields, and one that is not chosen any more leaves nothing behind.
  const window = steps.nth(1).locator(".rule-pair");
  await window.locator("select").selectOption("dates");
  await expect(window.locator("input[type=date]")).toHaveCount(2);
  await window.locator("input[type=date]").first().fill("2024-02-01");
  await expect.poll(held).toContain("2024-02-01");
  await window.locator("select").selectOption("ever");
  await expect(window.locator("input")).toHaveCount(0);
  await expect.poll(held).not.toContain("2024-02-01");

  // The list that adds invites again, and what was added has the focus.
  const adder = page.locator(".builder-rule > .rule-group > .rule-add .rule-adder");
  await adder.selectOption("field:city");
  await expect(page.locator(".builder-rule > .rule-group > .rule-list > .rule-item")).toHaveCount(3);
  await expect(adder).toHaveValue("");
  await expect(page.locator(".rule-item").last().locator("select").first()).toBeFocused();

  // A rule that is written as JSON takes the place of everything.
  await page.locator(".rule-json > summary").click();
  await page.locator("#rule-json").fill('{"field": "orders", "op": "ge", "value": 2}');
  await page.locator("input[name=name]").focus();
  await expect(page.locator(".rule-item")).toHaveCount(1);
  await expect(page.locator(".rule-item .rule-number")).toHaveValue("2");
  await undo.click();
  await expect(chips).toHaveCount(3);
  expect(said).toEqual([]);
});
