/* Plays an episode: chapters and transcript follow the sound, and lead to it. Words are the page's own. */
"use strict";
{
  const one = (query) => document.querySelector(query);
  const all = (query) => [...document.querySelectorAll(query)];
  const audio = one("audio");

  /* Copy: what an element holds, or the address of this moment. */
  const copy = async (text, element) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      if (element?.select) element.select();
      else if (element) getSelection().selectAllChildren(element);
      return document.execCommand("copy");
    }
    return true;
  };
  const offer = (button, wanted) => {
    const label = button.textContent;
    let waiting;
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (!(await copy(...wanted()))) return;
      button.textContent = one("#said").textContent = button.dataset.done;
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        button.textContent = label;
        one("#said").textContent = "";
      }, 2000);
    });
  };
  for (const button of all("[data-copy]")) {
    const element = document.getElementById(button.dataset.copy);
    offer(button, () => [element.value ?? element.textContent, element]);
  }

  if (audio) {
    const player = one(".player");
    const cues = all("[data-t]");
    const chapters = all("[data-from]");
    const starts = cues.map((cue) => +cue.dataset.t);
    const begins = chapters.map((chapter) => +chapter.dataset.from);
    const follow = one(".follow");
    let cue = null;
    let chapter = null;

    /* The number of the last of some times that is not after `time`; -1 if all are. */
    const lastBy = (times, time) => {
      let low = 0;
      let high = times.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (times[middle] <= time) low = middle + 1;
        else high = middle;
      }
      return low - 1;
    };
    const isSeen = (element) => {
      const box = element.getBoundingClientRect();
      const top = Math.max(0, player.getBoundingClientRect().bottom);
      return box.top >= top && box.bottom <= innerHeight;
    };
    const show = (element) => element.scrollIntoView({ block: "center" });

    /* Mark what is heard. The page moves on only if the reader had the line before in view. */
    const mark = () => {
      const time = audio.currentTime + 0.05;
      const next = cues[lastBy(starts, time)] ?? null;
      if (next !== cue) {
        const isRead = cue && isSeen(cue);
        cue?.classList.remove("now");
        next?.classList.add("now");
        cue = next;
        if (isRead && cue && !isSeen(cue)) show(cue);
      }
      follow.hidden = audio.paused || !cue || isSeen(cue);
      const number = lastBy(begins, time);
      if (chapters[number] !== chapter) {
        chapter?.removeAttribute("aria-current");
        chapter?.style.removeProperty("--heard");
        chapter = chapters[number] ?? null;
        chapter?.setAttribute("aria-current", "true");
        one("#chapter-now").textContent = chapter?.querySelector("bdi").textContent ?? "";
      }
      const end = begins[number + 1] ?? audio.duration;
      if (end > begins[number]) chapter.style.setProperty("--heard", Math.min(1, (time - begins[number]) / (end - begins[number])));
    };
    const seek = (time, andPlay) => {
      audio.currentTime = Math.max(0, Math.min(time, audio.duration || time));
      if (andPlay) audio.play().catch(() => {});
      mark();
    };

    /* #t=75 and #t=1:15 are moments. */
    const momentOf = (hash) => {
      const found = /^#t=(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)$/.exec(hash);
      return found && (found[1] ?? 0) * 3600 + (found[2] ?? 0) * 60 + +found[3];
    };
    const obey = () => {
      const time = momentOf(location.hash);
      if (time !== null) seek(time, false);
    };
    addEventListener("hashchange", obey);
    audio.addEventListener("loadedmetadata", obey, { once: true });

    document.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#t="]');
      const line = event.target.closest("[data-t]");
      if (link) {
        event.preventDefault();
        history.replaceState(null, "", link.hash);
        seek(momentOf(link.hash), true);
      } else if (line && !event.target.closest("a") && getSelection().isCollapsed) {
        seek(+line.dataset.t, true);
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const onControl = event.target.closest("audio, input, select, textarea, button, a, summary");
      const isArrow = event.key === "ArrowLeft" || event.key === "ArrowRight";
      if (event.key === " " && !onControl) {
        event.preventDefault();
        if (audio.paused) audio.play().catch(() => {});
        else audio.pause();
      } else if (isArrow && !event.target.closest("audio, input, select, textarea")) {
        event.preventDefault();
        seek(audio.currentTime + (event.key === "ArrowLeft" ? -10 : 10), false);
      }
    });
    for (const button of all("[data-skip]")) {
      button.addEventListener("click", () => seek(audio.currentTime + +button.dataset.skip, false));
    }
    follow.addEventListener("click", () => {
      show(cue);
      cue.closest(".passage").querySelector("a").focus({ preventScroll: true });
      follow.hidden = true;
    });
    offer(one("[data-moment]"), () => [`${location.href.split("#")[0]}#t=${Math.floor(audio.currentTime)}`]);

    /* The speed stays as it was chosen, where the browser may keep it. */
    const speed = one("#speed");
    const pace = () => {
      audio.defaultPlaybackRate = audio.playbackRate = +speed.value;
    };
    try {
      speed.value = localStorage.getItem("speed") ?? "1";
      if (!speed.value) speed.value = "1";
    } catch {}
    speed.addEventListener("change", () => {
      pace();
      try {
        localStorage.setItem("speed", speed.value);
      } catch {}
    });
    pace();

    for (const type of ["timeupdate", "seeking", "play", "pause", "ended"]) audio.addEventListener(type, mark);
    addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
    one(".tools").hidden = false;
    one(".script").classList.add("live");

    if ("mediaSession" in navigator) {
      const { title, show: album, host: artist } = player.dataset;
      const picture = one(".title img").src;
      const artwork = picture.startsWith("http") ? [{ src: picture }] : [];
      navigator.mediaSession.metadata = new MediaMetadata({ title, artist, album, artwork });
      navigator.mediaSession.setActionHandler("seekbackward", () => seek(audio.currentTime - 10, false));
      navigator.mediaSession.setActionHandler("seekforward", () => seek(audio.currentTime + 10, false));
    }
  }
}
