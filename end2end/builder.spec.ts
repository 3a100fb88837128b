// Saved segments as people keep them, with and without JavaScript: the list, a rule written as JSON, a list of ids, who uses whom, why somebody
// is in or out, and how segments overlap.

import { join } from "node:path";
import { expect, people, signIn, test } from "./silhouette";

test.use({ installation: "builder" });
test.describe.configure({ mode: "serial" });

test("an installation with data", async ({ app }) => {
  app.addPerson(people.admin, "admin", "export");
  const folder = join(app.data, "demo");
  app.run("demo", "--customers", "600", "--seed", "3", "--output", folder);
  for (const kind of ["products", "customers", "orders", "order_lines", "interactions"]) app.run("import", join(folder, `${kind}.csv`), "--kind", kind);
  app.run("segment", "rfm");
});

test("a rule is checked, saved, explained, used and protected", async ({ page, app, javaScriptEnabled }) => {
  await signIn(page, app, people.admin);
  await page.goto(`${app.url}/segments`);
  await page.locator(".tabs a[href='/segments/saved']").click();
  await page.locator("main a[href='/segments/new']").first().click();
  await page.locator(".rule-json > summary").click();
  const rule = page.locator("textarea[name=rule]");
  await rule.fill('{"all": [{"field": "orders", "op": "ge", "value": 2}, {"field": "weather", "op": "is_set"}]}');
  await page.locator("button[value=check]").click();
  await expect(page.locator(".notice--bad").first()).toContainText("weather");
  const open = page.locator(".rule-json");
  await expect(open).toHaveAttribute("open", "");
  await page.locator("textarea[name=rule]").fill('{"all": [{"field": "orders", "op": "ge", "value": 2}]}');
  await page.locator("button[value=check]").click();
  await expect(page.locator(".rule-words", { hasText: "at least 2" }).first()).toBeVisible();
  const name = javaScriptEnabled ? "Regulars" : "Regulars, plain";
  await page.locator("input[name=name]").fill(name);
  await page.locator("input[name=folder]").fill("Spring");
  await page.locator("button[value=save]").click();
  await expect(page).toHaveURL(/\/segments\/\d+\?done=created$/);
  const id = /segments\/(\d+)/.exec(page.url())?.[1] ?? "";
  await expect(page.locator("h1")).toHaveText(name);
  await expect(page.locator(".lead")).toContainText("customers");

  // Somebody in, somebody out, somebody unknown.
  await page.locator("input[name=customer]").fill("nobody");
  await page.locator("#why button").click();
  await expect(page.locator("#why .notice")).toContainText("nobody");

  // A list of ids, and a rule that uses both.
  await page.goto(`${app.url}/segments/lists/new`);
  await page.locator("input[name=name]").fill(`List of ${name}`);
  await page.locator("textarea[name=members]").fill("C000001, C000002\nnobody");
  await page.locator("main form button[value=list]").click();
  await expect(page).toHaveURL(/\/segments\/\d+\?done=created$/);
  const list = /segments\/(\d+)/.exec(page.url())?.[1] ?? "";
  await page.goto(`${app.url}/segments/new?rule=${encodeURIComponent(`{"any": [{"segment": ${id}}, {"segment": ${list}}]}`)}`);
  await page.locator("input[name=name]").fill(`Both of ${name}`);
  await page.locator("button[value=save]").click();
  await expect(page).toHaveURL(/\/segments\/\d+\?done=created$/);
  const both = /segments\/(\d+)/.exec(page.url())?.[1] ?? "";

  // What is used stays.
  await page.goto(`${app.url}/segments/${id}/delete`);
  await expect(page.locator(".notice--warn")).toContainText(`Both of ${name}`);
  expect(await page.locator(`form[action='/segments/${id}/delete']`).count()).toBe(0);

  // A circle is refused, and the way round is named.
  await page.goto(`${app.url}/segments/${id}/edit`);
  if ((await page.locator(".rule-json[open]").count()) === 0) await page.locator(".rule-json > summary").click();
  await page.locator("textarea[name=rule]").fill(`{"segment": ${both}}`);
  await page.locator("input[name=name]").focus();
  await page.locator("button[value=save]").click();
  await expect(page.locator(".notice--bad").first()).toContainText("→");

  await page.goto(`${app.url}/segments/overlap?segment=${id}&segment=${list}&segment=${both}`);
  await expect(page.locator("main table").last()).toContainText("∩");
  // A part is a bar, and a row of the table beside it; both lead to the builder, with and without a script.
  const chart = page.locator("section.card").filter({ has: page.locator(".chart-fit") }).first();
  await expect(chart.locator("a[href^='/segments/new?rule=']").first()).toBeAttached();
  await chart.locator(".chart-table > summary").click();
  await chart.locator(".chart-table a.chip").first().click();
  await expect(page).toHaveURL(/\/segments\/new\?rule=/);

  for (const gone of [both, list, id]) {
    await page.goto(`${app.url}/segments/${gone}/delete`);
    await page.locator(`form[action='/segments/${gone}/delete'] button`).click();
    await expect(page).toHaveURL(/\/segments\/saved$/);
  }
  await expect(page.locator("main")).not.toContainText(name);
});

test("every page of segments fits a phone in both languages", async ({ browser, app, javaScriptEnabled }) => {
  for (const locale of ["en", "zh-CN"]) {
    const context = await browser.newContext({ locale, javaScriptEnabled, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await signIn(page, app, people.admin);
    const rule = encodeURIComponent('{"all":[{"field":"gender","op":"eq","value":"female"},{"orders":{"count":{"ge":2},"within_days":90,"where":{"field":"channel","op":"eq","value":"app"}}}]}');
    for (const path of ["/segments/saved", `/segments/new?rule=${rule}`, "/segments/lists/new", "/segments/overlap"]) {
      const answer = await page.goto(app.url + path, { waitUntil: "load" });
      expect(answer?.status(), path).toBe(200);
      await expect(page.locator("main h1"), path).toBeVisible();
      expect(await page.locator("[style]").count(), `${path}: inline styles`).toBe(0);
      const beyond = await page.locator("body").evaluate((body) => body.ownerDocument.documentElement.scrollWidth - body.ownerDocument.documentElement.clientWidth);
      expect(beyond, `${path}: wider than the phone`).toBeLessThanOrEqual(0);
    }
    await context.close();
  }
});
