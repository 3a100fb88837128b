// Loads demo data through the ordinary uploads and measures what people wait for, each figure beside a peer that does the same work.

import { execFileSync, spawn } from "node:child_process";
import { createReadStream, createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join } from "node:path";
import http from "node:http";

const customers = Number(process.env.CUSTOMERS);
const postgres = process.env.POSTGRES_URL;
const binary = join(process.cwd(), "target/release/silhouette");
const site = join(process.cwd(), "target/site");
const demo = join(process.env.CACHE, `bench/demo-${customers}`);
const rows = [];

const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
const p95 = (values) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * 0.95) - 1)];
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function report(what, ours, peer, goal, met) {
  rows.push({ what, ours, peer, goal, met });
  console.log(`${met ? "  ok " : "MISS "} ${what}: ${ours}   peer: ${peer}   goal: ${goal}`);
}

class Installation {
  static running = new Set();

  constructor(name) {
    this.database = `bench_${name}_${Date.now()}`;
    this.url = `${postgres}/${this.database}`;
    this.data = mkdtempSync(join(tmpdir(), "silhouette-bench-"));
    this.environment = { ...process.env, DATABASE_URL: this.url, SILHOUETTE_DATA: this.data, SILHOUETTE_SITE_ROOT: site };
  }

  async start() {
    execFileSync("psql", ["-q", `${postgres}/postgres`, "-c", `create database ${this.database}`]);
    this.port = 20000 + Math.floor(Math.random() * 20000);
    this.process = spawn(binary, ["serve"], {
      env: { ...this.environment, SILHOUETTE_ADDR: `127.0.0.1:${this.port}` },
      stdio: ["ignore", "ignore", "inherit"],
    });
    Installation.running.add(this);
    for (let i = 0; ; i++) {
      if ((await fetch(this.at("/readyz")).catch(() => undefined))?.status === 200) break;
      if (i > 600) throw new Error("the server does not start");
      await sleep(100);
    }
    this.cli(["user", "create", "--email", "bench@example.com", "--role", "admin", "--password-stdin"], "bench password\n");
    this.token = this.cli(["token", "create", "--email", "bench@example.com"]).trim();
  }

  /** However the run ends, no server stays behind. */
  static ended() {
    for (const inst of Installation.running) inst.process.kill("SIGKILL");
  }

  at(path) {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  cli(args, input) {
    return execFileSync(binary, args, { env: this.environment, encoding: "utf8", input });
  }

  async get(path) {
    const answer = await fetch(this.at(path), { headers: { authorization: `Bearer ${this.token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async post(path, body) {
    const answer = await fetch(this.at(path), {
      method: "POST",
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async remove(path) {
    const answer = await fetch(this.at(path), { method: "DELETE", headers: { authorization: `Bearer ${this.token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** `took` is from the first byte to published, which is after committed and sealed. */
  async upload(kind, file, mapping, mode = "commit") {
    const clock = Date.now();
    const more = mapping ? `&mapping=${encodeURIComponent(JSON.stringify(mapping))}` : "";
    const started = performance.now();
    const { upload_id, job_id } = await new Promise((resolve, reject) => {
      const request = http.request(
        this.at(`/api/v1/uploads?kind=${kind}&mode=${mode}&name=${kind}.csv${more}`),
        { method: "POST", headers: { authorization: `Bearer ${this.token}`, "content-type": "text/csv" } },
        (answer) => {
          let text = "";
          answer.on("data", (chunk) => (text += chunk));
          answer.on("end", () => (answer.statusCode === 202 ? resolve(JSON.parse(text)) : reject(new Error(`${kind}: ${text}`))));
        },
      );
      request.on("error", reject);
      createReadStream(file, { highWaterMark: 1 << 20 }).pipe(request);
    });
    await this.job(job_id);
    const took = performance.now() - started;
    const upload = await this.get(`/api/v1/uploads/${upload_id}`);
    return { took, upload, clock };
  }

  /** From a time of the clock to the end of the transaction that the newest upload was merged and sealed in. */
  committedAfter(clock) {
    const at = this.psql(
      "select extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000 from sealed_files where table_name = 'orders' order by id desc limit 1",
    );
    return Number(at) - clock;
  }

  async job(id) {
    for (;;) {
      const job = await this.get(`/api/v1/jobs/${id}`);
      if (job.state === "succeeded") return job;
      if (["failed", "cancelled"].includes(job.state)) throw new Error(`job ${id}: ${job.state} ${job.error}`);
      await sleep(20);
    }
  }

  resetPeak() {
    try {
      writeFileSync(`/proc/${this.process.pid}/clear_refs`, "5");
    } catch {
      // Not allowed everywhere: the peak is then that of the whole run, which is larger.
    }
  }

  memory(field) {
    const line = readFileSync(`/proc/${this.process.pid}/status`, "utf8").split("\n").find((l) => l.startsWith(field));
    return Number(/\d+/.exec(line)[0]) / 1024;
  }

  psql(sql) {
    return execFileSync("psql", ["-qAt", "-v", "ON_ERROR_STOP=1", this.url, "-c", sql], { encoding: "utf8", maxBuffer: 1 << 30 }).trim();
  }

  timed(sql) {
    const started = performance.now();
    this.psql(sql);
    return performance.now() - started;
  }

  async stop() {
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    await gone;
    Installation.running.delete(this);
    execFileSync("psql", ["-q", `${postgres}/postgres`, "-c", `drop database ${this.database} with (force)`]);
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** Order lines as a shop exports them: one file that carries customers, orders and products at once. Both files are in the order of the orders. */
async function flatLines(file, limit) {
  const orders = createInterface({ input: createReadStream(join(demo, "orders.csv")) })[Symbol.asyncIterator]();
  let order = [];
  const out = createWriteStream(file);
  out.write("order_id,customer_id,ordered_at,product_id,quantity,unit_price\n");
  const names = {};
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(join(demo, "order_lines.csv")) })) {
    const cells = line.split(",");
    if (names.order_id === undefined) {
      cells.forEach((name, i) => (names[name] = i));
      continue;
    }
    while (order[0] !== cells[names.order_id]) {
      const next = await orders.next();
      if (next.done) throw new Error(`the order of line ${count + 1} is not among the orders`);
      order = next.value.split(",");
    }
    if (!out.write(`${order[0]},${order[1]},${order[2]},${cells[names.product_id]},${cells[names.quantity]},${cells[names.unit_price]}\n`))
      await new Promise((resolve) => out.once("drain", resolve));
    if (++count >= limit) break;
  }
  await new Promise((resolve) => out.end(resolve));
  return count;
}

async function uploadAgainstCopy(lines, measured) {
  const file = join(demo, `flat-lines-${lines}.csv`);
  const count = await flatLines(file, lines);
  const inst = new Installation("lines");
  await inst.start();
  await sleep(1000);
  const idle = inst.memory("VmRSS");
  inst.resetPeak();
  const { took, upload, clock } = await inst.upload("order_lines", file);
  const sealed = inst.committedAfter(clock);
  if (!(sealed > 0 && sealed <= took + 50)) throw new Error(`committed after ${sealed} ms of ${took} ms`);
  const peak = inst.memory("VmHWM");
  if (upload.rows.read !== count || upload.rows.rejected !== 0) throw new Error(`the upload took ${JSON.stringify(upload.rows)} of ${count}`);
  const name = `${count.toLocaleString("en")} order lines`;
  // The peer: the same rows, already split, into the same four tables with their keys.
  const folder = mkdtempSync(join(tmpdir(), "silhouette-peer-"));
  execFileSync("chmod", ["777", folder]);
  const script = ["create schema peer;"];
  const load = ["begin;"];
  for (const table of ["customers", "products", "orders", "order_lines"]) {
    const columns = inst.psql(
      `select string_agg(column_name, ',' order by ordinal_position) from information_schema.columns where table_schema = 'public' and table_name = '${table}' and is_generated = 'NEVER'`,
    );
    script.push(`create table peer.${table} (like public.${table} including all);`);
    execFileSync("psql", ["-q", inst.url, "-c", `\\copy (select ${columns} from ${table}) to '${folder}/${table}'`]);
    load.push(`\\copy peer.${table} (${columns}) from '${folder}/${table}'`);
  }
  load.push("commit;");
  execFileSync("psql", ["-q", inst.url], { input: script.join("\n") });
  const started = performance.now();
  execFileSync("psql", ["-q", "-v", "ON_ERROR_STOP=1", inst.url], { input: load.join("\n") });
  const copy = performance.now() - started;
  rmSync(folder, { recursive: true });
  const ratio = sealed / copy;
  const perSecond = count / (took / 1000);
  report(`upload of ${name}, first byte to committed and sealed`, `${seconds(sealed)} (${ratio.toFixed(2)}x)`, `\\copy ${seconds(copy)}`, "≤ 1.5x", ratio <= 1.5);
  report(`the same to published, features included`, `${seconds(took)} (${(took / copy).toFixed(2)}x)`, `\\copy ${seconds(copy)}`, "none", true);
  report(`memory of the server above idle during the upload of ${name}`, `${(peak - idle).toFixed(0)} MB`, `idle ${idle.toFixed(0)} MB`, "≤ 1024 MB", peak - idle <= 1024);
  if (measured) {
    const change = perSecond / measured;
    report(`rows per second at ${name}`, `${Math.round(perSecond).toLocaleString("en")} (${change.toFixed(2)}x)`, `first run ${Math.round(measured).toLocaleString("en")}`, "within 20 %", change >= 0.8);
  } else {
    inst.psql("drop schema peer cascade");
    const undone = performance.now();
    await inst.job((await inst.remove(`/api/v1/uploads/${upload.id}`)).job_id);
    const undo = performance.now() - undone;
    if (inst.psql("select count(*) from order_lines") !== "0") throw new Error("the undo left lines");
    report(`undo of ${name}`, seconds(undo), `upload ${seconds(took)}`, "≤ 20 s", undo <= 20_000);
    const dry = await inst.upload("order_lines", file, undefined, "dry_run");
    if (dry.upload.state !== "ready" || dry.upload.rows.created !== count) throw new Error(`dry run: ${JSON.stringify(dry.upload)}`);
    report(`dry run of ${name}`, seconds(dry.took), `upload ${seconds(took)}`, "≤ 10 s", dry.took <= 10_000);
  }
  await inst.stop();
  rmSync(file);
  return perSecond;
}

async function firstByte(inst, path, cookie) {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    http
      .get(inst.at(path), { headers: { cookie } }, (answer) => {
        answer.once("data", () => resolve({ ms: performance.now() - started, status: answer.statusCode }));
        answer.resume();
      })
      .on("error", reject);
  });
}

async function pages(inst) {
  const answer = await fetch(inst.at("/sign-in"), {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: inst.at("") },
    body: new URLSearchParams({ email: "bench@example.com", password: "bench password" }),
  });
  const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0];
  for (const path of ["/", "/segments", "/campaigns", "/uploads"]) {
    await firstByte(inst, path, cookie);
    const times = [];
    for (let i = 0; i < 20; i++) {
      const { ms, status } = await firstByte(inst, path, cookie);
      if (status !== 200) throw new Error(`${path} answers ${status}`);
      times.push(ms);
    }
    const health = [];
    for (let i = 0; i < 20; i++) health.push((await firstByte(inst, "/healthz", cookie)).ms);
    report(`page ${path}, first byte, warm, p95 of 20`, `${p95(times).toFixed(1)} ms`, `/healthz ${p95(health).toFixed(1)} ms`, "≤ 50 ms", p95(times) <= 50);
  }
}

/** Live counts, each question also asked of PostgreSQL in SQL; both must give the same number. */
async function rules(inst) {
  const preview = async (rule) => {
    const started = performance.now();
    const answer = await inst.post("/api/v1/segments/preview", { rule });
    return { ms: performance.now() - started, answer };
  };
  const { answer: everybody } = await preview({ all: [] });
  const day = everybody.as_of;
  const first = await preview({ orders: { count: { ge: 3 }, within_days: 60 } });
  report("first live count with a behaviour window after the start", `${first.ms.toFixed(0)} ms`, "none", "none", true);

  const attributes = (n) => ({
    rule: {
      all: [
        { field: "gender", op: "eq", value: "female" },
        { field: "income", op: "between", value: [3000 + 10 * n, 20000 + 10 * n] },
        { field: "city", op: "in", value: ["上海", "北京", "杭州"] },
        { any: [{ field: "preferred_channel", op: "eq", value: "email" }, { field: "education", op: "is_set" }] },
        { not: { field: "consent_marketing", op: "eq", value: false } },
        { field: "birth_date", op: "ge", value: `${1960 + (n % 30)}-01-01` },
      ],
    },
    sql: `select count(*), count(*) filter (where a), count(*) filter (where a and b), count(*) filter (where a and b and c), count(*) filter (where a and b and c and (d or e)),
      count(*) filter (where a and b and c and (d or e) and f), count(*) filter (where a and b and c and (d or e) and f and g) as answer
      from (select coalesce(gender = 'female', false) a, coalesce(income between ${3000 + 10 * n} and ${20000 + 10 * n}, false) b,
        coalesce(city in ('上海', '北京', '杭州'), false) c, coalesce(preferred_channel = 'email', false) d, education is not null e,
        consent_marketing is distinct from false f, coalesce(birth_date >= '${1960 + (n % 30)}-01-01', false) g from customers) asked`,
  });
  const counting = "customer_no is not null and coalesce(status, 'paid') not in ('cancelled', 'unpaid') and total > 0";
  const behaviour = (n) => ({
    rule: { orders: { count: { ge: 2 }, within_days: 60 + n } },
    sql: `select count(*) as answer from (select customer_no from orders where ${counting}
      and ordered_at >= (date '${day}' - ${60 + n} + 1)::timestamp at time zone 'UTC' and ordered_at < (date '${day}' + 1)::timestamp at time zone 'UTC'
      group by 1 having count(*) >= 2) asked`,
  });
  const always = (n) => ({
    rule: { orders: { sum: { field: "total", ge: 100 + n } } },
    sql: `select count(*) as answer from (select customer_no from orders where ${counting} and ordered_at < (date '${day}' + 1)::timestamp at time zone 'UTC'
      group by 1 having sum(total) >= ${100 + n}) asked`,
  });
  // Looked at something of a category, and ordered within two weeks; in a window of days and over everything.
  const sequence = (from) => (n) => ({
    rule: {
      sequence: [
        { interactions: { where: { field: "kind", op: "eq", value: "view" }, ...(from && { within_days: from + n }) } },
        { orders: { where: { field: "total", op: "ge", value: n }, ...(from && { within_days: from + n }) } },
      ],
      within_days: 14,
    },
    sql: `select count(distinct i.customer_no) as answer from interactions i join orders o on o.customer_no = i.customer_no
      and o.ordered_at > i.at and o.ordered_at <= i.at + interval '336 hours'
      where i.kind = 'view' and ${counting.replace("customer_no", "o.customer_no")} and total >= ${n}
      ${from ? `and i.at >= (date '${day}' - ${from + n} + 1)::timestamp at time zone 'UTC' and o.ordered_at >= (date '${day}' - ${from + n} + 1)::timestamp at time zone 'UTC'` : ""}
      and o.ordered_at < (date '${day}' + 1)::timestamp at time zone 'UTC'`,
  });
  const questions = [
    ["live count, seven attribute conditions", attributes, 60, 40],
    ["live count, orders in a window of days", behaviour, 250, 40],
    ["live count, spend over all orders", always, 250, 20],
    ["live count, a sequence in a window of days", sequence(60), 250, 20],
    ["live count, a sequence over everything", sequence(0), 250, 20],
  ];
  for (const [what, make, goal, times] of questions) {
    await preview(make(0).rule);
    const ours = [];
    for (let n = 1; n <= times; n++) ours.push((await preview(make(n).rule)).ms);
    const asked = make(times + 1);
    const count = (await preview(asked.rule)).answer.count;
    inst.psql(asked.sql);
    const peer = median([0, 1, 2].map(() => inst.timed(asked.sql)));
    const theirs = Number(inst.psql(asked.sql).split("|").pop());
    if (count !== theirs) throw new Error(`${what}: ${count} against ${theirs} in SQL`);
    report(`${what}, p95 of ${times} different ones`, `${p95(ours).toFixed(1)} ms (${(p95(ours) / peer).toFixed(2)}x)`, `PostgreSQL ${peer.toFixed(0)} ms, the same count`, `≤ ${goal} ms`, p95(ours) <= goal);
  }
  const people = await Promise.all(
    Array.from({ length: 20 }, async (_, person) => {
      const times = [];
      for (let n = 0; n < 5; n++) times.push((await preview(attributes(1000 + 10 * person + n).rule)).ms);
      return times;
    }),
  );
  report("20 people typing at once, attribute conditions, p95", `${p95(people.flat()).toFixed(0)} ms`, "none", "≤ 500 ms", p95(people.flat()) <= 500);

  const wide = await inst.post("/api/v1/segments", { name: "Bench", rule: { field: "birth_date", op: "ge", value: "1990-01-01" } });
  const firsts = [];
  for (let i = 0; i < 5; i++) {
    const started = performance.now();
    await new Promise((resolve, reject) => {
      const request = http.get(inst.at(`/api/v1/segments/${wide.id}/members.csv`), { headers: { authorization: `Bearer ${inst.token}` } }, (answer) => {
        let bytes = 0;
        answer.on("data", (chunk) => {
          // More than the line of the header.
          if (bytes <= 20 && bytes + chunk.length > 20) firsts.push(performance.now() - started);
          bytes += chunk.length;
        });
        answer.on("end", resolve);
      });
      request.on("error", reject);
    });
  }
  const copy = inst.timed("copy (select i.external_id from customers c join customer_ids i using (customer_no) where birth_date >= '1990-01-01') to stdout");
  report(`first members of a segment of ${wide.size.toLocaleString("en")}`, `${Math.max(...firsts).toFixed(0)} ms`, `PostgreSQL copy, all of them: ${copy.toFixed(0)} ms`, "≤ 300 ms", Math.max(...firsts) <= 300);
}

async function atScale() {
  const inst = new Installation("scale");
  await inst.start();
  const order = ["customers", "products", "campaigns", "campaign_costs", "orders", "order_lines", "interactions", "touches", "reviews"];
  let total = 0;
  let largest = 0;
  await sleep(1000);
  const idle = inst.memory("VmRSS");
  inst.resetPeak();
  for (const kind of order) {
    inst.resetPeak();
    const { took, upload } = await inst.upload(kind, join(demo, `${kind}.csv`));
    total += took;
    largest = Math.max(largest, inst.memory("VmHWM"));
    console.log(`       ${kind}: ${upload.rows.read.toLocaleString("en")} rows in ${seconds(took)} (${Math.round(upload.rows.read / (took / 1000)).toLocaleString("en")} rows/s), rejected ${upload.rows.rejected}, memory ${(inst.memory("VmHWM") - idle).toFixed(0)} MB above idle`);
  }
  report(`all demo files of ${customers.toLocaleString("en")} customers through the uploads`, seconds(total), "none", "≤ 900 s with generating, at 1,000,000", total <= 900_000);
  report("memory of the server above idle during all uploads", `${(largest - idle).toFixed(0)} MB`, `idle ${idle.toFixed(0)} MB`, "≤ 1024 MB", largest - idle <= 1024);
  const published = Number(inst.psql("select extract(epoch from published_at - created_at) * 1000 from data_versions order by version desc limit 1"));
  const wide = "select customer_no, min(ordered_at), max(ordered_at), count(*), sum(total), sum(refund_amount), max(payment_method), max(channel) from orders where customer_no is not null group by 1";
  inst.psql("analyze");
  await rules(inst);
  if (only === "rules") return inst.stop();
  inst.timed(`select count(*) from (${wide}) t`);
  const widePeer = inst.timed(`select count(*) from (${wide}) t`);
  report("features of every customer from the sealed files", `${seconds(published)} (${(published / widePeer).toFixed(2)}x)`, `PostgreSQL, the part of orders alone: ${seconds(widePeer)}`, "none", true);

  const runs = [];
  let run;
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    run = await inst.post("/api/v1/segmentations", { method: "rfm", seed: i + 1 });
    await inst.job(run.job_id);
    await inst.get(`/api/v1/segmentations/${run.run_id}`);
    runs.push(performance.now() - started);
  }
  const rfm = `with o as (select customer_no, max(ordered_at) r, count(*) f, sum(total - coalesce(refund_amount, 0)) m from orders
    where customer_no is not null and coalesce(status, 'paid') not in ('cancelled', 'unpaid') and total > 0 group by 1)
    select count(*) from (select ntile(5) over (order by r) r, ntile(5) over (order by f) f, ntile(5) over (order by m) m from o) t`;
  const rfmPeer = inst.timed(rfm);
  report("RFM run, press to result, median of 3", `${seconds(median(runs))} (${(median(runs) / rfmPeer).toFixed(2)}x)`, `PostgreSQL ${seconds(rfmPeer)}`, "≤ 3 s", median(runs) <= 3000);

  const result = await inst.get(`/api/v1/segmentations/${run.run_id}`);
  const features = ["recency", "frequency", "monetary", "order_value", "age", "income", "tenure_days", "units", "interactions", "refund_share"];
  for (const k of [8, "auto"]) {
    const started = performance.now();
    const grouping = await inst.post("/api/v1/segmentations", { method: "kmeans", params: { features, k } });
    await inst.job(grouping.job_id);
    const took = performance.now() - started;
    const found = await inst.get(`/api/v1/segmentations/${grouping.run_id}`);
    const quality = `silhouette ${found.quality.silhouette.toFixed(3)}, stability ${found.quality.stability.toFixed(3)}`;
    report(`k-means run of 10 features, k = ${k}, press to result`, `${seconds(took)} (${quality})`, "none", "≤ 60 s", took <= 60_000);
  }
  {
    const started = performance.now();
    await inst.job((await inst.post("/api/v1/segmentations", { method: "lifecycle" })).job_id);
    const took = performance.now() - started;
    const days = inst.timed(`select count(*) from (select customer_no, lag(day) over (partition by customer_no order by day) from
      (select distinct customer_no, ordered_at::date as day from orders where customer_no is not null) d) t`);
    report("lifecycle run, press to result", seconds(took), `PostgreSQL, the gaps alone: ${seconds(days)}`, "none", true);
  }
  const times = [];
  for (const segment of result.segments) {
    const started = performance.now();
    await inst.get(`/api/v1/portraits?segment=run:${run.run_id}:${segment.key}&baseline=all`);
    times.push(performance.now() - started);
  }
  const dimensions = ["gender", "age", "city", "province", "country", "occupation", "education", "preferred_channel", "consent_marketing", "income", "signed_up_at"];
  const peerPortrait = dimensions.map((d) => inst.timed(`select count(*) from (select ${d}, count(*), count(*) filter (where customer_no % 10 = 0) from customers group by 1) counted`)).reduce((a, b) => a + b);
  report("portrait against all customers, p95 over the segments, nothing cached", `${p95(times).toFixed(0)} ms (${(p95(times) / peerPortrait).toFixed(2)}x)`, `PostgreSQL, 11 plain counts: ${peerPortrait.toFixed(0)} ms`, "≤ 300 ms", p95(times) <= 300);
  await pages(inst);
  await inst.stop();
}

/** k-means on a matrix of a file, beside scikit-learn on the same file with as many threads, restarts and the same stop rule. */
function clusters() {
  const environment = join(process.env.CACHE, "scikit-learn");
  const python = join(environment, "bin/python");
  if (!existsSync(python)) {
    execFileSync("python3", ["-m", "venv", environment]);
    execFileSync(join(environment, "bin/pip"), ["-q", "install", "scikit-learn"], { stdio: "inherit" });
  }
  execFileSync("cargo", ["build", "--quiet", "--release", "-p", "analytics", "--example", "kmeans"], { stdio: "inherit" });
  const example = join(process.env.CARGO_TARGET_DIR ?? "target", "release/examples/kmeans");
  const [file, columns, k, threads] = [join(process.env.CACHE, `bench/matrix-${customers}.f64`), 10, 8, "2"];
  const script = join(process.cwd(), ".ci/bench-kmeans.py");
  if (!existsSync(file)) execFileSync(python, [script, "make", file, String(customers), String(columns)]);
  const env = { ...process.env, RAYON_NUM_THREADS: threads, OMP_NUM_THREADS: threads, OPENBLAS_NUM_THREADS: threads };
  const read = (program, args) => JSON.parse(execFileSync(program, args, { env, encoding: "utf8" }));
  for (const restarts of [1, 5]) {
    const ours = [];
    const theirs = [];
    for (let i = 0; i < 3; i++) {
      theirs.push(read(python, [script, "time", file, columns, k, restarts].map(String)));
      ours.push(read(example, [file, columns, k, restarts].map(String)));
    }
    const [mine, peer] = [median(ours.map((run) => run.seconds)), median(theirs.map((run) => run.seconds))];
    const inertia = ours[0].inertia / theirs[0].inertia;
    const what = `k-means, k = ${k}, ${columns} features, ${customers.toLocaleString("en")} customers, ${restarts === 1 ? "one start" : `best of ${restarts} starts`}`;
    report(what, `${mine.toFixed(2)} s (${(peer / mine).toFixed(1)}x faster), inertia ${inertia.toFixed(4)}x`, `scikit-learn ${peer.toFixed(2)} s`, "≥ 2x faster, inertia ≤ 1.01x", peer / mine >= 2 && inertia <= 1.01);
  }
  const chosen = read(example, [file, columns, "choose", 5].map(String));
  report("choosing k from 2 to 12, best of 5 starts each, on a sample of 10,000", `${chosen.seconds.toFixed(1)} s (k = ${chosen.k})`, "none", "≤ 60 s", chosen.seconds <= 60);
}

function browserCode() {
  for (const [bundle, pages] of [["silhouette.", "every page"], ["silhouette-builder.", "the page on which rules are built"]]) {
    const files = readdirSync(join(site, "pkg")).filter((name) => name.startsWith(bundle) && /\.(js|wasm)\.br$/.test(name));
    const bytes = files.reduce((sum, name) => sum + statSync(join(site, "pkg", name)).size, 0);
    report(`browser code of ${pages}, brotli`, `${(bytes / 1000).toFixed(0)} kB`, "full hydration of a small prototype: 147 kB", "≤ 200 kB", bytes <= 200_000);
  }
}

process.once("exit", Installation.ended);
mkdirSync(join(process.env.CACHE, "bench"), { recursive: true });
if (process.argv[2] !== "clusters" && !existsSync(join(demo, "planted.json"))) {
  const started = performance.now();
  execFileSync(binary, ["demo", "--customers", String(customers), "--seed", "1", "--output", demo], { stdio: ["ignore", "ignore", "inherit"] });
  console.log(`       generated ${customers.toLocaleString("en")} customers in ${seconds(performance.now() - started)}`);
}
const only = process.argv[2];
if (!only || only === "browser") browserCode();
if (!only || only === "clusters") clusters();
if (!only || only === "lines") {
  const measured = await uploadAgainstCopy(1_000_000);
  // Smaller demo data has not so many lines.
  if (customers >= 1_000_000) await uploadAgainstCopy(10_000_000, measured);
}
if (!only || only === "scale" || only === "rules") await atScale();
console.log("\n| what | measured | peer in the same run | goal | |\n|---|---|---|---|---|");
for (const r of rows) console.log(`| ${r.what} | ${r.ours} | ${r.peer} | ${r.goal} | ${r.met ? "met" : "missed"} |`);
