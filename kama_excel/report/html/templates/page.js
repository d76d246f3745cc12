"use strict";
document.documentElement.classList.add("js");
document.addEventListener("DOMContentLoaded", () => {
  const byId = (id) => document.getElementById(id);
  const actions = [...document.querySelectorAll(".action")];
  const filters = ["theme", "grade", "department", "words"].map(byId);
  const [theme, grade, department, words] = filters;
  const clear = byId("clear"), all = byId("all"), shown = byId("shown");

  // Each title becomes a button that opens its block; a closed block is still found by the browser's own search.
  const setOpen = (action, open) => {
    const block = action.querySelector(".block");
    if (open) block.removeAttribute("hidden");
    else block.setAttribute("hidden", "until-found");
    action.classList.toggle("open", open);
    action.querySelector("h3 button").setAttribute("aria-expanded", String(open));
  };
  for (const action of actions) {
    const title = action.querySelector("h3"), block = action.querySelector(".block");
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-controls", block.id);
    button.append(...title.childNodes);
    title.append(button);
    button.addEventListener("click", () => setOpen(action, button.getAttribute("aria-expanded") !== "true"));
    block.addEventListener("beforematch", () => setOpen(action, true));
    setOpen(action, false);
  }

  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
  const texts = new Map();
  const textOf = (action) => {
    if (!texts.has(action)) texts.set(action, plain(action.textContent));
    return texts.get(action);
  };
  const filter = () => {
    const wanted = plain(words.value).split(" ").filter(Boolean);
    let count = 0;
    for (const action of actions) {
      const fits =
        (!theme.value || action.dataset.theme === theme.value) &&
        (!grade.value || action.dataset.grade === grade.value) &&
        (!department.value || action.dataset.departments.split(" ").includes(department.value)) &&
        wanted.every((word) => textOf(action).includes(word));
      action.hidden = !fits;
      if (fits) count += 1;
    }
    const filtered = filters.some((each) => each.value.trim());
    clear.hidden = !filtered;
    shown.textContent = count === 0 ? "条件に合う取り組みはありません"
      : `${count}件を表示しています` + (filtered ? `（${actions.length}件のうち）` : "");
  };
  const reset = () => {
    for (const each of filters) each.value = "";
    filter();
  };
  for (const each of [theme, grade, department]) each.addEventListener("change", filter);
  words.addEventListener("input", filter);
  clear.addEventListener("click", () => {
    reset();
    theme.focus();
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());

  all.addEventListener("click", () => {
    const open = actions.some((each) => !each.hidden && !each.classList.contains("open"));
    for (const each of actions) if (!each.hidden) setOpen(each, open);
    all.textContent = open ? "すべて閉じる" : "すべて開く";
  });

  // A link to an action opens it, wherever it comes from.
  const openLinked = () => {
    const linked = actions.find((each) => `#${each.id}` === location.hash);
    if (!linked) return;
    if (linked.hidden) reset();
    setOpen(linked, true);
    linked.scrollIntoView();
  };
  window.addEventListener("hashchange", openLinked);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#action-']");
    if (link && link.getAttribute("href") === location.hash) openLinked();
  });

  byId("filters").hidden = false;
  all.hidden = false;
  filter();
  openLinked();
  document.documentElement.classList.add("ready");
});
