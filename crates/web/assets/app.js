// Conveniences only: every page works without this file.
"use strict";
(() => {
  document.documentElement.classList.add("js");

  // Language and theme were kept in cookies; the address need not repeat them.
  const here = new URL(location.href);
  if (here.searchParams.has("lang") || here.searchParams.has("theme")) {
    here.searchParams.delete("lang");
    here.searchParams.delete("theme");
    history.replaceState(null, "", here);
  }

  // `/` and Ctrl-K go to the search.
  const search = document.querySelector("[data-focus-key]");
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    const wanted = (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey)
      || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey));
    if (search && wanted) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  // Filters hold as soon as they are chosen; empty ones stay out of the address.
  for (const form of document.querySelectorAll("form[data-auto-submit], form.search, form.conditions")) {
    form.addEventListener("submit", () => {
      for (const field of form.elements) {
        if (field.value === "") field.disabled = true;
      }
    });
    form.addEventListener("change", (event) => {
      if ("autoSubmit" in form.dataset && event.target.matches("select")) form.requestSubmit();
    });
  }
  // Coming back, the browser shows the page as it was left: with fields still disabled.
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form :disabled")) field.disabled = false;
  });

  // Values of charts at once and beside the pointer, instead of the browser's slow hint.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  document.body.append(tip);
  for (const mark of document.querySelectorAll("svg .hover, svg.hover")) {
    const title = mark.querySelector(":scope > title");
    if (!title) continue;
    mark.dataset.tip = title.textContent;
    mark.setAttribute("aria-label", title.textContent);
    title.remove();
  }
  const hide = () => { tip.hidden = true; };
  document.addEventListener("pointermove", (event) => {
    const mark = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
    if (!mark) return hide();
    if (tip.textContent !== mark.dataset.tip) tip.textContent = mark.dataset.tip;
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const left = event.clientX + 16 + width > innerWidth ? event.clientX - width - 12 : event.clientX + 16;
    const top = Math.min(event.clientY + 12, innerHeight - height - 8);
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${Math.max(8, top)}px`;
  });
  document.addEventListener("scroll", hide, { passive: true });
})();
