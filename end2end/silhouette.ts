// Starts the real program over a fresh database and data folder, and knows the few things that every spec does.

import { test as base, expect, type Page } from "@playwright/test";
import AxeBuilder from "@axe-core/playwright";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const binary = process.env.SILHOUETTE_BINARY ?? join(__dirname, "../target/release/silhouette");
const server = process.env.DATABASE_URL ?? "";

export const people = {
  admin: { email: "ada@example.com", name: "Ada", password: "first administrator" },
  manager: { email: "mei@example.com", name: "Mei", password: "marketing manager" },
  lead: { email: "leo@example.com", name: "Leo", password: "lead of the team" },
};

export class Silhouette {
  url = "";
  log = "";
  readonly data = mkdtempSync(join(tmpdir(), "silhouette-e2e-"));
  private database = `e2e_${Date.now()}_${Math.floor(Math.random() * 1e6)}`;
  private process?: ChildProcess;

  get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      DATABASE_URL: `${server}/${this.database}`,
      SILHOUETTE_DATA: join(this.data, "data"),
      SILHOUETTE_CURRENCY: "EUR",
      SILHOUETTE_TIME_ZONE: "Europe/Berlin",
      // Receivers of webhooks stand on this machine.
      SILHOUETTE_WEBHOOK_PRIVATE: "yes",
    };
  }

  /** The one-time code, once it has been printed: that is after the program answers. */
  get code(): string {
    return /\b([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})\b/.exec(this.log)?.[1] ?? "";
  }

  async start(): Promise<void> {
    if (!this.url) {
      execFileSync("psql", ["-q", `${server}/postgres`, "-c", `create database ${this.database}`]);
      this.url = `http://127.0.0.1:${await freePort()}`;
    }
    const child = spawn(binary, ["serve"], {
      env: { ...this.environment, SILHOUETTE_ADDR: this.url.replace("http://", "") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = child;
    const hear = (chunk: Buffer) => {
      this.log += chunk.toString();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    await expect
      .poll(async () => (await fetch(`${this.url}/readyz`).catch(() => undefined))?.status, { timeout: 60_000 })
      .toBe(200);
  }

  /** Runs the command line of the product against the same installation. */
  run(...args: string[]): string {
    return execFileSync(binary, args, { env: this.environment, encoding: "utf8" });
  }

  runWithInput(input: string, ...args: string[]): string {
    return execFileSync(binary, args, { env: this.environment, encoding: "utf8", input });
  }

  /** An account made from the command line; returns an API token. */
  addPerson(person: { email: string; password: string }, role: string, ...allow: string[]): string {
    const more = allow.length ? ["--allow", allow.join(",")] : [];
    this.runWithInput(`${person.password}\n`, "user", "create", "--email", person.email, "--role", role, ...more, "--password-stdin");
    return this.run("token", "create", "--email", person.email).trim();
  }

  /** Ends the process the hard way. */
  async kill(): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  async stop(): Promise<void> {
    const child = this.process;
    if (child && child.exitCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    }
    execFileSync("psql", ["-q", `${server}/postgres`, "-c", `drop database if exists ${this.database} with (force)`]);
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** One program for all tests of a file: each file names its installation, and another name means another worker. */
export const test = base.extend<object, { installation: string; app: Silhouette }>({
  installation: ["", { option: true, scope: "worker" }],
  app: [
    async ({ installation }, use) => {
      expect(installation, "a file says test.use({ installation: … })").not.toBe("");
      const app = new Silhouette();
      await app.start();
      await use(app);
      await app.stop();
    },
    { scope: "worker" },
  ],
});

export { expect };

export async function signIn(page: Page, app: Silhouette, person: { email: string; password: string }): Promise<void> {
  await page.goto(`${app.url}/sign-in`);
  await page.locator("input[name=email]").fill(person.email);
  await page.locator("input[name=password]").fill(person.password);
  await page.locator("form button[type=submit]").first().click();
  await expect(page).not.toHaveURL(/sign-in/);
}

/** Nothing that the accessibility rules of WCAG 2.1 A and AA object to. They wait by timers, which never fire without JavaScript: there the page is
 * left to the run with it, which is served the same. */
export async function expectAccessible(page: Page): Promise<void> {
  if (base.info().project.use.javaScriptEnabled === false) return;
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
  const said = found.violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => `${n.target.join(" ")} — ${n.failureSummary ?? ""}`).join("\n  ")}`);
  expect(said, said.join("\n")).toEqual([]);
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
