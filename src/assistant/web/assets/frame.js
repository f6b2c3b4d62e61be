// The compact chat inside a frame: what it tells the page around it, and what it lets that page ask.
"use strict";

(() => {
  if (!/^\/widget\/?$/.test(location.pathname)) return;
  const query = new URLSearchParams(location.search);
  // The policy of the frame lets only listed sites around it; this is the one that says it is.
  const site = /^https?:\/\/[\w.:-]+$/.test(query.get("site") ?? "") ? query.get("site") : null;
  const find = (selector) => document.querySelector(selector);

  document.documentElement.classList.add("widget");

  const tell = (message) => {
    if (site && window.parent !== window) window.parent.postMessage({ forumAssistant: 1, ...message }, site);
  };

  const ask = (text) => document.dispatchEvent(new CustomEvent("assistant:ask", { detail: text }));

  addEventListener("message", ({ origin, source, data }) => {
    if (!site || origin !== site || source !== window.parent) return;
    if (typeof data !== "object" || data === null || data.forumAssistant !== 1) return;
    if (data.type === "ask" && typeof data.text === "string" && data.text.length <= 2000) ask(data.text);
  });

  addEventListener("keydown", (event) => {
    if (event.key === "Escape") tell({ type: "close" });
  });

  // A source on the site around us opens in its tab, any other in a tab of its own.
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link && site && link.origin === site) link.target = "_top";
  }, true);

  const colour = () => {
    const accent = query.get("accent") ?? "";
    if (!/^#[0-9a-f]{6}$/i.test(accent)) return;
    const parts = [1, 3, 5].map((at) => parseInt(accent.slice(at, at + 2), 16) / 255);
    const [red, green, blue] = parts.map((its) => (its <= 0.04045 ? its / 12.92 : ((its + 0.055) / 1.055) ** 2.4));
    const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue; // WCAG 2.2, relative luminance
    const isDark = document.body.classList.contains("dark");
    const contrast = isDark ? (light + 0.05) / 0.059 : 1.05 / (light + 0.05);
    if (contrast >= 4.5) document.body.style.setProperty("--accent", accent);
  };

  const begin = () => {
    if (!find("#question textarea") || !find("#turn .turn")) return void setTimeout(begin, 50);
    colour();
    let last = "";
    new MutationObserver(() => {
      const turn = find("#turn .turn");
      const now = `${turn?.dataset.turn} ${turn?.dataset.state}`;
      if (now === last) return;
      last = now;
      if (turn?.dataset.state !== "done") return;
      const outcome = ["answered", "refused", "listed", "spoken"].find((its) => turn.querySelector(`.answer.${its}`));
      if (outcome) tell({ type: "answer", outcome, sources: turn.querySelectorAll(".card").length });
    }).observe(find("#turn"), { childList: true, subtree: true, attributes: true });
    tell({ type: "ready" });
  };
  tell({ type: "here" }); // The rest may take a while on a slow network.
  begin();
})();
