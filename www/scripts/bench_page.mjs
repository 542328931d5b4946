#!/usr/bin/env node
// Measures the built page in Chromium: how soon each address can be used, what panes and stops cost the PC's speed, and
// whether the memory pane keeps up while 4 GiB are scrolled through. Prints tables. Never part of a test: seconds depend on
// the machine. What is compared is measured in turn, round by round, and of each the median is taken.
// usage: node www/scripts/bench_page.mjs [load] [panes] [stops] [scroll] [--rounds N] [--guest NAME]
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serve } from "../../tests/browser/site.mjs";
import { parseArguments } from "../bin/terminal/arguments.mjs";
import { loadEngine } from "../bin/terminal/engine.mjs";
import { powerOn } from "../bin/terminal/machine.mjs";
import { CACHE, WWW } from "./paths.mjs";
import { findChromium } from "./tools.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "5" }, guest: { type: "string", default: "memtest86+-kernel" } },
});
const ROUNDS = Number(options.rounds);
const { chromium } = createRequire(join(WWW, "package.json"))("playwright-core");

const median = (values) => values.toSorted((one, two) => one - two)[Math.floor(values.length / 2)];
const isWanted = (name) => positionals.length === 0 || positionals.includes(name);

/** The first element of a name, through all shadow roots: a function of the page, as text. */
const FIND = `window.first = (name, root = document) => {
  for (const element of root.querySelectorAll("*")) {
    if (element.localName === name) return element;
    const found = element.shadowRoot && window.first(name, element.shadowRoot);
    if (found) return found;
  }
};
window.longTasks = [];
new PerformanceObserver((list) => window.longTasks.push(...list.getEntries())).observe({ type: "longtask", buffered: true });`;

async function openPage(around, path) {
  const context = await around.browser.newContext({ viewport: { width: 1600, height: 1000 } });
  const page = await context.newPage();
  await page.addInitScript(FIND);
  await page.goto(`${around.site.url}${path}`);
  await page.waitForFunction(() => "glassbox" in window);
  return { page, close: () => context.close() };
}

/** Milliseconds to the first contentful paint, to the gallery that one came for, and to the end of what keeps the page busy. */
async function loadTimes(around, path, wanted) {
  const { page, close } = await openPage(around, path);
  const meant = await page.evaluate(
    (selector) =>
      new Promise((done) => {
        const look = () => {
          const [name, inner] = selector.split(" ");
          const shown = window.first(name)?.shadowRoot?.querySelector(inner);
          // The frame in which it is painted ends behind this one.
          if (shown) requestAnimationFrame(() => done(performance.now()));
          else requestAnimationFrame(look);
        };
        look();
      }),
    wanted,
  );
  await page.waitForTimeout(300);
  const { first, busyUntil } = await page.evaluate(() => ({
    first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
    busyUntil: Math.max(0, ...window.longTasks.map(({ startTime, duration }) => startTime + duration)),
  }));
  await close();
  return { first, meant, interactive: Math.max(meant, busyUntil) };
}

async function measureLoading(around) {
  console.log("Loading, with nothing cached: milliseconds (median)");
  for (const [path, wanted] of [
    ["", "machine-gallery li"],
    ["x86/", "machine-gallery li"],
    ["evm/", "evm-gallery button"],
  ]) {
    const all = [];
    for (let round = 0; round < ROUNDS; round++) all.push(await loadTimes(around, path, wanted));
    const [first, meant, interactive] = ["first", "meant", "interactive"].map((name) =>
      Math.round(median(all.map((times) => times[name]))),
    );
    console.log(`  /${path.padEnd(5)} first paint ${first}, meaningful ${meant}, interactive ${interactive}`);
  }
}

/** A guest that is busy for ever, soon after power-on: a memory test, which also writes to the screen. */
async function busyGuest(page) {
  await page.evaluate((name) => window.glassbox.boot(name), options.guest);
  await page.waitForFunction(() => (window.glassbox.status().speed?.instructions ?? 0) > 50e6, undefined, {
    timeout: 120_000,
  });
}

/** Seconds of processor time that the workers of all pages have had, by the kernel's accounts (proc(5)); null elsewhere. */
function workerSeconds(pids) {
  const ticks = (pid) => {
    const tasks = join("/proc", String(pid), "task");
    return readdirSync(tasks).map((task) => {
      const stat = readFileSync(join(tasks, task, "stat"), "latin1");
      const [name, rest] = [
        stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")")),
        stat.slice(stat.lastIndexOf(")") + 2),
      ];
      const fields = rest.split(" ");
      return name.startsWith("DedicatedWorker") ? Number(fields[11]) + Number(fields[12]) : 0;
    });
  };
  try {
    return pids.flatMap(ticks).reduce((sum, count) => sum + count, 0) / 100;
  } catch {
    return null;
  }
}

/**
 * The guest's speed in a while: millions of instructions per second of the wall's clock and of the worker's processor
 * time, and percent of real time. Other work on the machine slows the first, not the second.
 */
async function speedFor(page, pids, ms) {
  const samples = [];
  const take = ({ instructions, percent }) =>
    samples.push({ instructions, percent, wall: performance.now() / 1000, processor: workerSeconds(pids) });
  await page.waitForTimeout(700);
  const end = performance.now() + ms;
  let last;
  while (performance.now() < end || samples.length < 3) {
    const speed = await page.evaluate(
      (before) =>
        new Promise((done) => {
          const timer = setInterval(() => {
            const { speed } = window.glassbox.status();
            if (!speed || speed.instructions === before) return;
            clearInterval(timer);
            done(speed);
          }, 10);
        }),
      last,
    );
    last = speed.instructions;
    take(speed);
  }
  const [from, to] = [samples[0], samples.at(-1)];
  const millions = (to.instructions - from.instructions) / 1e6;
  const per = (clock) => (to[clock] === null ? Number.NaN : millions / (to[clock] - from[clock]));
  return { wall: per("wall"), processor: per("processor"), percent: median(samples.map(({ percent }) => percent)) };
}

/** Lays out every kind of pane so that all can be seen at once. */
async function showAll(page) {
  return page.evaluate(() => {
    const bench = window.first("work-bench");
    const { api, kinds } = bench;
    api.clear();
    const columns = 4;
    kinds.forEach(({ id, title }, at) => {
      const above = at >= columns ? kinds[at - columns].id : undefined;
      const beside = at > 0 ? kinds[at - 1].id : undefined;
      const position = above
        ? { referencePanel: above, direction: "below" }
        : beside && { referencePanel: beside, direction: "right" };
      api.addPanel({ id, component: id, title, ...(position && { position }) });
    });
    return kinds.length;
  });
}

const ARRANGEMENTS = {
  "no panes": (page) => page.evaluate(() => window.first("work-bench").api.clear()),
  Watch: (page) => page.click("[data-preset=watch]"),
  Debug: (page) => page.click("[data-preset=debug]"),
  "all panes": showAll,
};

async function measurePanes(around) {
  const { page, close } = await openPage(around, "x86/");
  await page.setViewportSize({ width: 2560, height: 1440 });
  await busyGuest(page);
  const session = await around.browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const all = Object.fromEntries(Object.keys(ARRANGEMENTS).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, arrange] of Object.entries(ARRANGEMENTS)) {
      await arrange(page);
      all[name].push(await speedFor(page, renderers, 4000));
    }
  }
  console.log(`The PC's speed with panes, running ${options.guest}: millions of instructions (median), to no panes`);
  for (const [name, speeds] of Object.entries(all)) {
    const told = ["wall", "processor"].map((clock) => {
      const ratio = median(speeds.map((speed, round) => speed[clock] / all["no panes"][round][clock]));
      return `a second of ${clock} ${median(speeds.map((speed) => speed[clock])).toFixed(1)} (${ratio.toFixed(3)})`;
    });
    console.log(`  ${name.padEnd(10)} ${told.join(", ")}`);
  }
  const fastest = Math.max(...Object.values(all).flatMap((speeds) => speeds.map(({ percent }) => percent)));
  if (fastest > 97) console.log("  The machine kept real time: choose a --guest that is harder.");
  await close();
}

/** A hundred addresses all over the kernel's code, the same every time (a linear congruential generator). */
function breakpoints() {
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed;
  };
  // Never true: what is measured is the watching, not the stopping.
  return Array.from({ length: 100 }, () => ({
    kind: "execute",
    at: (0xc1000000 + (random() % 0x600000)).toString(16),
    condition: "0",
  }));
}

/** Instructions of the boot that is timed, and how many at a time: about what the page runs between two messages. */
const INSTRUCTIONS = 300_000_000n;
const SLICE = 500_000n;

/** Milliseconds of processor time for the beginning of a boot of Linux: `run` is the engine without its debugger. */
async function bootTime(engine, way, stops) {
  const linux = join(CACHE, "guests/linux");
  const machine = parseArguments([
    ...["run", "--memory", "128", "--kernel", join(linux, "vmlinuz-686"), "--initrd", join(linux, "initrd.cpio.gz")],
    ...["--append", "console=ttyS0 tsc=reliable mitigations=off"],
  ]);
  const { pc } = await powerOn(engine, machine);
  pc.setStops(stops);
  // Processor time, which other work on the machine does not slow.
  const begin = process.cpuUsage();
  while (pc.instructions < INSTRUCTIONS) {
    const until = pc.instructions + SLICE;
    if (way === "run") pc.run(until, 1n << 62n);
    else pc.debugRun("continue", "", until, 1n << 62n);
  }
  const { user, system } = process.cpuUsage(begin);
  const time = (user + system) / 1000;
  pc.free();
  return time;
}

async function measureStops() {
  const { engine } = await loadEngine();
  const hundred = breakpoints();
  const ways = {
    "without the debugger": ["run", []],
    "no stop set": ["debug", []],
    "100 breakpoints": ["debug", hundred],
  };
  const all = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  // The first run compiles the engine.
  await bootTime(engine, "debug", []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, [way, stops]] of Object.entries(ways)) all[name].push(await bootTime(engine, way, stops));
  }
  console.log(
    "The engine's speed while Linux boots: MIPS (median), to the engine without its debugger (median of rounds)",
  );
  for (const [name, times] of Object.entries(all)) {
    const ratio = median(times.map((time, round) => all["without the debugger"][round] / time));
    const mips = Number(INSTRUCTIONS) / median(times) / 1000;
    console.log(`  ${name.padEnd(20)} ${mips.toFixed(1).padStart(6)}  ${ratio.toFixed(3)}`);
  }
}

async function measureScrolling(around) {
  const { page, close } = await openPage(around, "x86/");
  await page.evaluate(() => window.glassbox.boot("hello", { paused: true }));
  await page.waitForSelector("work-bench [role=tab]");
  await ARRANGEMENTS["no panes"](page);
  await page.evaluate(() => window.first("work-bench").openPane("memory"));
  await page.waitForSelector("memory-pane .row");
  const frames = () =>
    page.evaluate(
      () =>
        new Promise((done) => {
          const scroller = window.first("memory-pane").shadowRoot.querySelector(".scroller");
          const gaps = [];
          let last = performance.now();
          let step = 0;
          const rows = new Set();
          // From one end of the address space to the other in five seconds, a frame at a time.
          const frame = (now) => {
            gaps.push(now - last);
            last = now;
            rows.add(scroller.querySelector(".row .address")?.textContent);
            scroller.scrollTop = (scroller.scrollHeight * ++step) / 300;
            if (step < 300) requestAnimationFrame(frame);
            else done({ gaps: gaps.slice(2), rows: rows.size });
          };
          requestAnimationFrame(frame);
        }),
    );
  const still = () =>
    page.evaluate(
      () =>
        new Promise((done) => {
          const gaps = [];
          let last = performance.now();
          const frame = (now) => {
            gaps.push(now - last);
            last = now;
            if (gaps.length < 300) requestAnimationFrame(frame);
            else done({ gaps: gaps.slice(2), rows: 1 });
          };
          requestAnimationFrame(frame);
        }),
    );
  console.log("Frames while the memory pane scrolls through 4 GiB, beside a page at rest");
  // The page's own thread by its processor time: other work on the machine does not count.
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * metrics.find(({ name }) => name === "TaskDuration").value;
  };
  const measured = async (run) => {
    const before = await busy();
    const result = await run();
    return { ...result, work: (await busy()) - before };
  };
  const all = { "at rest": [], scrolling: [] };
  for (let round = 0; round < ROUNDS; round++) {
    all["at rest"].push(await measured(still));
    all.scrolling.push(await measured(frames));
  }
  for (const [name, runs] of Object.entries(all)) {
    const perSecond = median(runs.map(({ gaps }) => (1000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0)));
    // A frame that was not ready in time shows a whole frame later.
    const late = median(runs.map(({ gaps }) => gaps.filter((gap) => gap > 25).length / gaps.length));
    const rows = median(runs.map(({ rows }) => rows));
    const work = median(runs.map(({ work, gaps }) => work / gaps.length));
    console.log(
      `  ${name.padEnd(10)} ${perSecond.toFixed(1)} a second, ${(100 * late).toFixed(1)} % late, ` +
        `${work.toFixed(1)} ms of work a frame${name === "scrolling" ? `; ${rows} places of 300 shown` : ""}`,
    );
  }
  await close();
}

const site = await serve();
// A container's root has no sandbox; the pages are our own.
const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
try {
  const around = { site, browser };
  if (isWanted("load")) await measureLoading(around);
  if (isWanted("panes")) await measurePanes(around);
  if (isWanted("stops")) await measureStops();
  if (isWanted("scroll")) await measureScrolling(around);
} finally {
  await browser.close();
  site.close();
}
