// What readers of captions and tags say of files, as JSON, by file: node files.mjs FILE.vtt FILE.srt FILE.mp3 …
import { readFileSync } from "node:fs";
import { parseFile } from "music-metadata";
import { parser as subrip, validator } from "srt-validator";
import vtt from "webvtt-parser";

const readers = {
  vtt: (path) => {
    const parser = new vtt.WebVTTParser();
    const { cues, errors } = parser.parse(readFileSync(path, "utf8"), "metadata");
    const said = (tree) => tree.children?.map(said).join("") ?? tree.value;
    const one = ({ startTime, endTime, tree }) => [startTime, endTime, said(tree), tree.children[0].value];
    return { errors, cues: cues.map(one) };
  },
  srt: (path) => {
    const text = readFileSync(path, "utf8");
    return { errors: validator(text), cues: subrip.parse(text) };
  },
  mp3: async (path) => {
    const { common, format, quality } = await parseFile(path, { includeChapters: true });
    const pictures = common.picture.map((it) => [it.format, it.type, Buffer.from(it.data).toString("base64")]);
    return { ...common, pictures, picture: null, chapters: format.chapters, seconds: format.duration, ...quality };
  },
};

const told = {};
for (const path of process.argv.slice(2)) told[path] = await readers[path.split(".").pop()](path);
console.log(JSON.stringify(told));
