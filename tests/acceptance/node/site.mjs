// Uses a site as a listener does, in headless Chromium, and prints what it saw as JSON.
// node site.mjs CHROMIUM http://127.0.0.1:PORT/ file:///FOLDER/ PAGE
import { launch, violationsOf, widthsOf } from "./browser.mjs";

const [, , executablePath, web, files, episode] = process.argv;
const browser = await launch(executablePath);
const seen = { messages: [], outside: [], dialogs: 0 };

async function open(path, { base = web, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(15000);
  if (base === web) await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: web });
  const page = await context.newPage();
  page.on("console", (message) => seen.messages.push(`${path}: ${message.text()}`));
  page.on("pageerror", (error) => seen.messages.push(`${path}: ${error.message}`));
  page.on("dialog", (dialog) => { seen.dialogs += 1; dialog.dismiss(); });
  page.on("request", (request) => {
    if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(base)) seen.outside.push(request.url());
  });
  await page.goto(base + path);
  return page;
}

const sound = (page) => page.evaluate(() => {
  const { currentTime, paused, duration, playbackRate } = document.querySelector("audio");
  return { currentTime, paused, duration, playbackRate };
});
const spoken = (page) => page.evaluate(() => document.querySelector(".now")?.textContent);
const chapter = (page) => page.evaluate(() => document.querySelector(".chapters [aria-current]")?.textContent.trim());
const ready = (page) => page.waitForFunction(() => document.querySelector("audio").readyState >= 1);
const moment = (page, time) => page.evaluate((to) => { document.querySelector("audio").currentTime = to; }, time);
const isInView = (page, query) => page.evaluate((asked) => {
  const box = document.querySelector(asked).getBoundingClientRect();
  return box.top >= document.querySelector(".player").getBoundingClientRect().bottom - 1 && box.bottom <= innerHeight;
}, query);

// Play, seek, follow.
async function listen() {
  const page = await open(episode);
  await ready(page);
  const told = { before: await sound(page) };
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.querySelector("audio").currentTime > 0.3);
  told.playing = await sound(page);
  await page.keyboard.press("Space");
  told.stopped = await sound(page);
  await page.keyboard.press("ArrowRight");
  told.on = await sound(page);
  await page.keyboard.press("ArrowLeft");
  told.back = await sound(page);
  await page.locator("[data-t]").nth(9).click();
  told.wanted = await page.locator("[data-t]").nth(9).evaluate((cue) => [+cue.dataset.t, cue.textContent]);
  told.clicked = [await sound(page), await spoken(page)];
  await page.locator(".chapters a").nth(2).click();
  told.chapter = [await sound(page), await chapter(page), await page.evaluate(() => location.hash)];
  const begin = await page.locator(".chapters a").nth(3).getAttribute("data-from");
  await moment(page, +begin - 0.4);
  told.chapterBefore = await chapter(page);
  await page.waitForFunction((from) => document.querySelector("audio").currentTime > from, +begin + 0.1);
  await page.waitForFunction(() => document.querySelector(".chapters li:nth-child(4) [aria-current]"));
  told.chapterAfter = await chapter(page);
  await page.selectOption("#speed", "1.5");
  told.faster = (await sound(page)).playbackRate;
  await page.reload();
  await ready(page);
  told.stillFaster = (await sound(page)).playbackRate;
  return told;
}

// The page follows whoever reads along, and leaves alone whoever has scrolled away.
async function follow() {
  const page = await open(episode, { viewport: { width: 1280, height: 500 }, reducedMotion: "reduce" });
  await ready(page);
  const told = { smooth: await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior) };
  const last = await page.locator("[data-t]").last().getAttribute("data-t");
  await page.locator("[data-t]").first().click();
  await page.waitForFunction(() => document.querySelector(".now"));
  told.readInView = await isInView(page, ".now");
  await moment(page, +last + 0.1);
  await page.waitForFunction((it) => document.querySelector(".now")?.dataset.t === it, last);
  told.followed = await isInView(page, ".now");
  await page.evaluate(() => scrollTo(0, 0));
  await moment(page, 12);
  await page.waitForFunction((it) => document.querySelector(".now")?.dataset.t !== it, last);
  await page.waitForFunction(() => !document.querySelector(".follow").hidden);
  told.leftAlone = await page.evaluate(() => scrollY === 0);
  await page.locator(".follow").click();
  told.ledBack = await isInView(page, ".now");
  told.focused = await page.evaluate(() => document.activeElement.closest(".passage")?.querySelector(".now") !== null);
  return told;
}

async function links() {
  const told = {};
  for (const [name, hash] of [["seconds", "#t=30"], ["clock", "#t=1:05"], ["nonsense", "#t=x"]]) {
    const page = await open(episode + hash);
    await ready(page);
    await page.waitForTimeout(0);
    told[name] = (await sound(page)).currentTime;
    await page.context().close();
  }
  const page = await open(`${episode}#t=30`);
  await ready(page);
  await page.getByRole("button", { name: "Copy link to this moment" }).click();
  told.copied = await page.evaluate(() => navigator.clipboard.readText());
  told.said = await page.textContent("#said");
  await page.getByRole("button", { name: "Copy BibTeX" }).click();
  told.bibtex = await page.evaluate(() => navigator.clipboard.readText());
  return told;
}

// Nothing but Tab: everything that can be used is reached, and seen to be.
async function keyboard(path) {
  const page = await open(path, { reducedMotion: "reduce" });
  const wanted = await page.evaluate(() =>
    [...document.querySelectorAll("a[href], button, input, select, summary, audio")].filter((it) => it.checkVisibility()).length);
  const reached = new Set();
  const faint = [];
  for (let presses = 0; presses < wanted * 2 + 40; presses += 1) {
    await page.keyboard.press("Tab");
    const now = await page.evaluate(() => {
      const all = [...document.querySelectorAll("*")];
      const it = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(it);
      const box = it.getBoundingClientRect();
      const isSeen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && box.bottom > 0 && box.top < innerHeight;
      return [all.indexOf(it), it.tagName, isSeen || it.tagName === "AUDIO", it.outerHTML.slice(0, 80)];
    });
    if (now[1] === "BODY") break;
    if (!reached.size) reached.first = now[3];
    reached.add(now[0]);
    if (!now[2]) faint.push(now[3]);
  }
  await page.locator(".skip").focus();
  await page.keyboard.press("Enter");
  const skipped = await page.evaluate(() => document.activeElement.id);
  return { wanted, reached: reached.size, first: reached.first, faint, skipped };
}

async function find(base) {
  const page = await open("index.html", { base });
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  const shown = async () => [await page.textContent("#count"), await page.locator("#results li").count()];
  const told = { before: asked.filter((url) => url.endsWith("search.js")).length };
  await page.getByLabel("Search").focus();
  await page.keyboard.type("telescope");
  await page.waitForSelector("#results li");
  told.description = await shown();
  await page.getByLabel("Search").fill("NUNEZ affordances (3)");
  await page.waitForFunction(() => document.querySelectorAll("#results li").length === 1);
  told.author = await shown();
  told.card = await page.locator("#results li").first().innerText();
  told.link = await page.locator("#results li a").first().getAttribute("href");
  await page.getByLabel("Search").fill("no such thing");
  await page.waitForFunction(() => document.querySelectorAll("#results li").length === 0);
  told.none = await shown();
  await page.getByLabel("Search").fill("");
  await page.waitForSelector("#listed", { state: "visible" });
  await page.getByLabel("Category").selectOption("Statistics & Methods");
  await page.waitForSelector("#results li");
  told.category = await shown();
  await page.goto(`${base}index.html#category=Robotics`);
  await page.waitForFunction(() => document.querySelector("#category").value === "Robotics");
  told.linked = await shown();
  await page.locator("#results li a").first().click();
  await page.waitForLoadState();
  told.reached = page.url().slice(base.length);
  return told;
}

async function asFiles() {
  const page = await open(episode, { base: files });
  await ready(page);
  await page.locator("[data-t]").nth(4).click();
  await page.waitForFunction(() => document.querySelector(".now"));
  const told = [await sound(page), await spoken(page)];
  await page.context().close();
  return { told, found: await find(files) };
}

const PAGES = ["index.html", "page-2.html", episode, "episodes/hostile.html"];

async function audit() {
  const told = [];
  for (const path of PAGES) {
    const page = await open(path);
    if (path === episode) {
      await ready(page);
      await page.locator("[data-t]").nth(4).click();
      await page.waitForFunction(() => document.querySelector(".now"));
    }
    for (const [colorScheme, width] of [["light", 1280], ["dark", 390]]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      for (const it of await violationsOf(page)) told.push(`${path}, ${colorScheme}: ${it}`);
    }
    await page.context().close();
  }
  return told;
}

// Bytes of a first visit, by kind.
async function weigh(path) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const bodies = [];
  page.on("response", (response) => bodies.push(
    response.body().then((body) => [response.request().resourceType(), body.length]).catch(() => ["media", 0])));
  await page.goto(web + path, { waitUntil: "load" });
  const told = { image: 0, media: 0, rest: 0 };
  for (const [kind, size] of await Promise.all(bodies)) told[kind in told ? kind : "rest"] += size;
  await context.close();
  return told;
}

async function withoutScripts() {
  const page = await open(episode, { javaScriptEnabled: false });
  return {
    said: await page.locator(".script").innerText(),
    idle: await page.locator("button:visible, .tools:visible").count(),
  };
}

const told = {
  listen: await listen(),
  follow: await follow(),
  links: await links(),
  keyboard: { episode: await keyboard(episode), index: await keyboard("index.html") },
  find: await find(web),
  files: await asFiles(),
  widths: await widthsOf(PAGES, open),
  audit: await audit(),
  weights: { index: await weigh("index.html"), episode: await weigh(episode) },
  withoutScripts: await withoutScripts(),
};
await browser.close();
console.log(JSON.stringify({ ...told, ...seen }));
