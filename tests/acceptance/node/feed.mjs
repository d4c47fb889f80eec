// What podcast-partytime and feedsmith read in a feed, as JSON: node feed.mjs FILE
import { readFileSync } from "node:fs";
import { parseRssFeed } from "feedsmith";
import partytime from "podcast-partytime";

const xml = readFileSync(process.argv[2], "utf8");
console.log(JSON.stringify({ feedsmith: parseRssFeed(xml), partytime: partytime.parseFeed(xml) }));
