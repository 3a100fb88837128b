// A fresh installation: every page says why it is empty and offers the one step that changes it, in both languages and on a phone.

import { expect, people, signIn, test } from "./silhouette";

test.use({ installation: "empty" });
test.describe.configure({ mode: "serial" });

const analyses = ["/", "/segments", "/portraits", "/campaigns"];
const others = ["/jobs", "/account"];

test("whoever may upload is led to the upload, whoever may not learns whom to ask", async ({ page, app }) => {
  app.addPerson(people.admin, "admin");
  app.addPerson(people.manager, "manager");
  await signIn(page, app, people.admin);
  for (const path of analyses) {
    await page.goto(app.url + path);
    await expect(page.locator("main a[href='/uploads/new']"), path).toBeVisible();
    // Nothing to compare and nothing to take away.
    await expect(page.locator("main svg[role=img]"), path).toHaveCount(0);
    await expect(page.locator("header.bar time, header.bar [name=from]"), path).toHaveCount(0);
  }
  await page.goto(app.url);
  await expect(page.locator("main a[href='/admin']")).toBeVisible();
  await page.context().clearCookies();
  await signIn(page, app, people.manager);
  for (const path of analyses) {
    await page.goto(app.url + path);
    await expect(page.locator("main a[href='/uploads/new']"), path).toHaveCount(0);
    await expect(page.locator("main"), path).toContainText(/administrator/i);
  }
});

for (const language of ["en", "zh-CN"]) {
  test(`empty pages fit a phone, ${language}`, async ({ browser, app, javaScriptEnabled }) => {
    const context = await browser.newContext({ locale: language, javaScriptEnabled, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await signIn(page, app, people.admin);
    for (const path of [...analyses, ...others, "/uploads", "/admin/tokens", "/admin/audit"]) {
      const answer = await page.goto(app.url + path);
      expect(answer?.status(), path).toBe(200);
      const wider = await page.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
      expect(wider, path).toBeLessThanOrEqual(0);
    }
    await context.close();
  });
}
