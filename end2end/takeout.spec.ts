// What leaves a segment, with and without JavaScript: members with ticked columns, and word to another system.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, expectAccessible, people, signIn, test } from "./silhouette";

test.use({ installation: "takeout" });
test.describe.configure({ mode: "serial" });

let receiver: Server;
const heard: { event: string; body: { size: number } }[] = [];

test.beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      heard.push({ event: String(request.headers["silhouette-event"]), body: JSON.parse(body) });
      response.writeHead(200).end("thank you");
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
});

test.afterAll(() => {
  receiver.close();
});

test("an installation with data and a segment", async ({ app }) => {
  const token = app.addPerson(people.admin, "admin", "export,personal-data");
  app.addPerson(people.lead, "lead");
  app.addPerson(people.manager, "manager");
  const folder = join(app.data, "demo");
  app.run("demo", "--customers", "400", "--seed", "5", "--output", folder);
  for (const kind of ["products", "customers", "orders", "order_lines"]) app.run("import", join(folder, `${kind}.csv`), "--kind", kind);
  const made = await fetch(`${app.url}/api/v1/segments`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "Everybody", rule: { all: [] } }),
  });
  expect(made.status).toBe(201);
});

test("members leave with the columns that are ticked", async ({ page, app }) => {
  await signIn(page, app, people.lead);
  await page.goto(`${app.url}/segments/1`);
  const form = page.locator("form.takeout");
  await expect(form.locator("input[value='external_id']")).toBeChecked();
  // Nobody is offered what the engine would refuse.
  await expect(form.locator("input[value='email']")).toHaveCount(0);
  await form.locator("input[value='city']").check();
  await form.locator("input[value='spend']").check();
  await expectAccessible(page);
  const started = page.waitForEvent("download");
  await form.locator("button[formaction$='members.csv']").click();
  const file = await started;
  expect(file.suggestedFilename()).toBe("segment-1-members.csv");
  const lines = (await text(await file.createReadStream())).trim().split("\r\n");
  expect(lines[0].replace("\ufeff", "")).toBe("external_id,city,spend");
  expect(lines.length - 1).toBe(400);
  const book = page.waitForEvent("download");
  await form.locator("button[formaction$='members.xlsx']").click();
  expect((await book).suggestedFilename()).toBe("segment-1-members.xlsx");
  expect((await page.request.get(`${app.url}/segments/1/members.csv?column=email`)).status()).toBe(403);
});

test("another system is added, hears a test, and is deleted", async ({ page, app }) => {
  const before = heard.length;
  await signIn(page, app, people.lead);
  await page.goto(`${app.url}/segments/1`);
  const section = page.locator("#webhooks");
  if ((await section.locator("details").getAttribute("open")) === null) await section.locator("summary").click();
  await section.locator("#webhook-url").fill("https://169.254.169.254/");
  await section.locator("#webhook-threshold").fill("500");
  await section.locator(".webhook-new button[type=submit]").click();
  // What was typed stays, and the field is named.
  await expect(page.locator("#webhook-url-fault")).toBeVisible();
  await expect(page.locator("#webhook-threshold")).toHaveValue("500");
  await page.locator("#webhook-url").fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`);
  await page.locator(".webhook-new button[type=submit]").click();
  await expect(page.locator(".webhook-secret")).toHaveText(/^whsec_[0-9a-f]{64}$/);
  await expectAccessible(page);
  await page.locator("#webhooks form[action$='/test'] button").click();
  await expect(page).toHaveURL(/done=tested/);
  await expect.poll(() => heard.length).toBe(before + 1);
  expect(heard[before]).toMatchObject({ event: "test", body: { size: 400 } });
  await expect
    .poll(async () => {
      await page.goto(`${app.url}/segments/1`);
      return page.locator("#webhooks table .chip").innerText();
    })
    .toMatch(/arrived/);
  // The secret was shown once.
  await expect(page.locator(".webhook-secret")).toHaveCount(0);
  await page.locator("#webhooks form[action$='/delete'] button").click();
  await expect(page.locator("#webhooks table")).toHaveCount(0);
});

test("whoever may take nothing out is offered nothing", async ({ page, app }) => {
  await signIn(page, app, people.manager);
  await page.goto(`${app.url}/segments/1`);
  await expect(page.locator("main h1")).toBeVisible();
  await expect(page.locator("form.takeout, #webhooks")).toHaveCount(0);
});

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
