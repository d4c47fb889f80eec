// Looks through a report as somebody does who looks after a show, from files, in headless Chromium; JSON.
// node report.mjs CHROMIUM file:///FOLDER/ PAGE…
import { launch, violationsOf, widthsOf } from "./browser.mjs";

const [, , executablePath, base, ...pages] = process.argv;
const browser = await launch(executablePath);
const seen = { messages: [], outside: [], dialogs: 0 };

async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(15000);
  const page = await context.newPage();
  page.on("console", (message) => seen.messages.push(`${path}: ${message.text()}`));
  page.on("pageerror", (error) => seen.messages.push(`${path}: ${error.message}`));
  page.on("dialog", (dialog) => { seen.dialogs += 1; dialog.dismiss(); });
  page.on("request", (request) => {
    if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(base)) seen.outside.push(request.url());
  });
  await page.goto(base + path);
  if (await page.locator("audio").count()) {
    await page.waitForFunction(() => document.querySelector("audio").readyState >= 1);
  }
  return page;
}

const at = (page) => page.evaluate(() => document.querySelector("audio").currentTime);
const stop = (page) => page.evaluate(() => document.querySelector("audio").pause());

// A place is played from the keyboard, by a click in a picture, and followed.
async function listen(path) {
  const page = await open(path);
  const told = {};
  await page.locator(".findings [data-at]").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !document.querySelector("audio").paused);
  told.finding = await at(page);
  await stop(page);
  await page.locator("#l5 [data-at]").click();
  await page.waitForFunction(() => document.querySelector("#l5.now"));
  told.line = await at(page);
  told.heads = await page.evaluate(() => [...document.querySelectorAll(".head")].map((it) => it.getAttribute("x1")));
  await stop(page);
  const { width } = await page.locator("svg.loudness").boundingBox();
  await page.locator("svg.loudness").click({ position: { x: width / 2, y: 30 } });
  await page.waitForFunction(() => !document.querySelector("audio").paused);
  told.middle = await at(page);
  told.address = page.url();
  await page.context().close();
  return told;
}

// Every control is reached by Tab, with a ring that can be seen.
async function keyboard(path) {
  const page = await open(path);
  const wanted = await page.locator("a[href], button, audio, [tabindex='0']").count();
  const told = { wanted, reached: 0, faint: [] };
  const known = new Set();
  for (let n = 0; n < wanted + 40; n += 1) {
    await page.keyboard.press("Tab");
    const now = await page.evaluate(() => {
      const it = document.activeElement;
      const all = [...document.querySelectorAll("*")];
      const { outlineStyle, outlineWidth } = getComputedStyle(it);
      return { index: all.indexOf(it), tag: it.tagName, ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, html: it.outerHTML.slice(0, 80) };
    });
    if (now.tag === "BODY") break;
    if (!known.has(now.index) && !now.ring && now.tag !== "AUDIO") told.faint.push(now.html);
    known.add(now.index);
  }
  told.reached = known.size;
  await page.context().close();
  return told;
}

async function sort() {
  const page = await open("report.html");
  const titles = () => page.locator(".sortable tbody th").allInnerTexts();
  const told = { before: await titles() };
  await page.getByRole("button", { name: "Length" }).press("Enter");
  told.longest = await titles();
  told.said = await page.locator("th[aria-sort]").getAttribute("aria-sort");
  await page.getByRole("button", { name: "Length" }).press("Enter");
  told.shortest = await titles();
  await page.context().close();
  return told;
}

async function audit() {
  const told = [];
  for (const path of pages) {
    for (const [colorScheme, width] of [["light", 1280], ["dark", 390]]) {
      const page = await open(path, { colorScheme, viewport: { width, height: 800 } });
      if (await page.locator("#l3").count()) {
        await page.locator("#l3 [data-at]").click(); // a line that is played is marked, one that is linked to as well
        await page.waitForFunction(() => document.querySelector(".now"));
        await stop(page);
        const links = page.locator("a[href^='#l']");
        if (await links.count()) await links.first().click();
      }
      for (const it of await violationsOf(page)) told.push(`${path}, ${colorScheme}: ${it}`);
      await page.context().close();
    }
  }
  return told;
}

// Milliseconds until everything is there.
async function opened(path) {
  const page = await open(path);
  const told = await page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd);
  await page.context().close();
  return told;
}

async function withoutScripts(path) {
  const page = await open(path, { javaScriptEnabled: false });
  const told = {
    said: await page.locator(".transcript").innerText(),
    link: await page.locator("#l5 .play").getAttribute("href"),
    heads: await page.locator(".head:visible").count(),
  };
  await page.context().close();
  return told;
}

async function printed(path) {
  const page = await open(path);
  await page.emulateMedia({ media: "print" });
  const told = { player: await page.locator(".player").isVisible(), text: await page.locator(".transcript").isVisible() };
  await page.context().close();
  return told;
}

const [, worst, hour] = pages;
const told = {
  listen: await listen(worst),
  keyboard: { index: await keyboard("report.html"), episode: await keyboard(worst) },
  sort: await sort(),
  widths: await widthsOf(pages, open),
  audit: await audit(),
  opened: await opened(hour),
  withoutScripts: await withoutScripts(worst),
  printed: await printed(worst),
};
await browser.close();
console.log(JSON.stringify({ ...told, ...seen }));
