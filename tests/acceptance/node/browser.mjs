// What the looks at the site and at the report share: a headless Chromium, its widths, and what axe says.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const args = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export const launch = (executablePath) => chromium.launch({ executablePath, args });

// By how much each page is wider than a window of each width.
export async function widthsOf(pages, open) {
  const told = {};
  for (const path of pages) {
    const page = await open(path);
    for (const width of [320, 390, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      told[`${path} at ${width}`] = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    }
    await page.context().close();
  }
  return told;
}

// What axe finds wrong with a page as it is now.
export async function violationsOf(page) {
  const { violations } = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })`);
  return violations.map((it) => `${it.id}: ${it.nodes[0].html}`);
}
