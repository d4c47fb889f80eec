"use strict";
// Plays places of the page's one sound and shows where it is; sorts tables. Without it links still lead there.
(() => {
  const player = document.querySelector("audio");
  if (player) { listen(player); }
  document.querySelectorAll("th[data-sort]").forEach(offerSorting);

  function listen(player) {
    const status = document.getElementById("status");
    const lines = [...document.querySelectorAll(".line")];
    const heads = [...document.querySelectorAll(".head")];
    document.documentElement.classList.add("live");
    const playFrom = at => {
      player.currentTime = at;
      player.play().then(() => { status.textContent = ""; }, cannot);
    };
    const cannot = () => { status.textContent = "This cannot be played: " + decodeURI(player.getAttribute("src")); };
    document.addEventListener("click", event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) { return; }
      const link = event.target.closest("[data-at]");
      const figure = event.target.closest("svg[data-length]");
      if (link) {
        event.preventDefault();
        playFrom(Number(link.dataset.at));
      } else if (figure) {
        const { left, width } = figure.getBoundingClientRect();
        playFrom(Math.max(0, (event.clientX - left) / width) * figure.dataset.length);
      }
    });
    player.addEventListener("error", cannot);
    player.addEventListener("timeupdate", () => {
      const at = player.currentTime;
      for (const head of heads) {
        const x = 100 * at / head.parentNode.dataset.length + "%";
        head.setAttribute("x1", x);
        head.setAttribute("x2", x);
      }
      for (const line of lines) {
        line.classList.toggle("now", line.dataset.from <= at && at < line.dataset.to);
      }
    });
  }

  function offerSorting(header) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const wanted = header.getAttribute("aria-sort") === "descending" ? "ascending" : "descending";
      header.parentNode.querySelectorAll("[aria-sort]").forEach(other => other.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", wanted);
      const body = header.closest("table").tBodies[0];
      const value = row => Number(row.cells[header.cellIndex].dataset.value);
      const sign = wanted === "descending" ? -1 : 1;
      body.append(...[...body.rows].sort((one, other) => sign * (value(one) - value(other))));
    });
  }
})();
