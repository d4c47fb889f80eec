/* Searches and filters all episodes; the list of them is loaded when it is first asked for. */
"use strict";
{
  const form = document.getElementById("finder");
  const words = document.getElementById("words");
  const category = document.getElementById("category");
  const results = document.getElementById("results");
  const listed = document.getElementById("listed");
  const count = document.getElementById("count");
  const months = form.dataset.months.split(" ");
  let loading = null;

  /* Letters without case and accents. */
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const load = () =>
    (loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = form.dataset.index;
      script.onerror = reject;
      script.onload = () => {
        for (const one of showEpisodes) {
          one.all = plain([one.title, ...one.authors, one.category, one.description].join(" "));
        }
        resolve(showEpisodes);
      };
      document.head.append(script);
    }));

  const cardOf = (episode) => {
    const card = document.getElementById("card").content.cloneNode(true);
    const [year, month, day] = episode.date.split("-");
    card.querySelector("img").src = form.dataset.root + episode.thumbnail;
    card.querySelector("a").href = form.dataset.root + episode.page;
    for (const part of card.querySelectorAll("[data-fill]")) part.textContent = episode[part.dataset.fill];
    card.querySelector("time").dateTime = episode.date;
    card.querySelector("time").textContent = `${+day} ${months[month - 1]} ${year}`;
    return card;
  };

  const find = async () => {
    const wanted = plain(words.value).split(/\s+/).filter(Boolean);
    const isAsked = wanted.length > 0 || category.value !== "";
    if (isAsked) {
      const episodes = await load();
      const found = episodes.filter(
        (one) => (!category.value || one.category === category.value) && wanted.every((word) => one.all.includes(word)),
      );
      const { none, one, many } = form.dataset;
      count.textContent = [none, one][found.length] ?? many.replace("#", found.length);
      results.querySelector("ol").replaceChildren(...found.map(cardOf));
    }
    results.hidden = !isAsked;
    listed.hidden = isAsked;
  };

  /* #category=Robotics, as the cards link to it. */
  const obey = () => {
    const asked = new URLSearchParams(location.hash.slice(1)).get("category");
    if (asked === null) return;
    category.value = asked;
    if (category.selectedIndex < 0) category.value = "";
    words.value = "";
    find();
    form.scrollIntoView();
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  words.addEventListener("focus", load, { once: true });
  words.addEventListener("input", find);
  category.addEventListener("change", find);
  addEventListener("hashchange", obey);
  form.hidden = false;
  obey();
}
