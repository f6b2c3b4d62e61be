// The loader of the widget: a button, and behind it, once it is pressed, the compact chat in a frame.
// One script tag puts it on a page; docs/embedding.md has the attributes and the small API.
"use strict";

(() => {
  const BASE = new URL(".", document.currentScript.src).href; // the assistant may live below a path
  const HOST = new URL(BASE).origin;
  const KEPT = `forum-assistant ${BASE}`;
  const TAG = "forum-assistant";
  // Milliseconds until a frame that says nothing counts as blocked: once it is loaded, as what the
  // browser shows instead is too, and if it never is. A slow network may take its time.
  const PATIENCE = { loaded: 2000, ever: 120000 };
  const WORDS = {
    en: ["Ask the assistant", "Close the assistant", "Assistant", "Resize"],
    fr: ["Interroger l'assistant", "Fermer l'assistant", "Assistant", "Redimensionner"],
    nl: ["Vraag het de assistent", "De assistent sluiten", "Assistent", "Formaat wijzigen"],
    de: ["Den Assistenten fragen", "Den Assistenten schließen", "Assistent", "Größe ändern"],
    es: ["Preguntar al asistente", "Cerrar el asistente", "Asistente", "Cambiar el tamaño"],
    it: ["Chiedere all'assistente", "Chiudi l'assistente", "Assistente", "Ridimensiona"],
    pt: ["Perguntar ao assistente", "Fechar o assistente", "Assistente", "Redimensionar"],
  };
  const MOST_KEPT = 500_000; // characters
  const PASSED = ["topic", "kinds", "languages", "questions", "greeting", "accent"];
  const STYLE = `
    :host { all: initial; --accent: #1a4f8b; --on-accent: #fff; font: 16px/1.4 system-ui, sans-serif; }
    :host([hidden]) { display: none; }
    button { font: inherit; cursor: pointer; border: 0; }
    button:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
    .open { position: fixed; z-index: 2147483000; inset-block-end: 1.25rem; inset-inline-end: 1.25rem; min-height: 3rem; padding: 0.6rem 1.1rem; border-radius: 1.6rem; background: var(--accent); color: var(--on-accent); font-weight: 600; box-shadow: 0 2px 12px rgb(0 0 0 / 25%); }
    .panel { position: fixed; z-index: 2147483001; inset-block-end: 1.25rem; inset-inline-end: 1.25rem; inline-size: min(27rem, calc(100vw - 2.5rem)); block-size: min(42rem, calc(100vh - 2.5rem)); border: 1px solid #8a94a3; border-radius: 0.75rem; box-shadow: 0 6px 30px rgb(0 0 0 / 28%); overflow: hidden; display: grid; grid-template-rows: auto 1fr; }
    .start .open, .start .panel { inset-inline: 1.25rem auto; }
    .bar { display: flex; justify-content: space-between; align-items: center; background: var(--accent); color: var(--on-accent); padding: 0.15rem 0.4rem 0.15rem 0.9rem; font-weight: 600; }
    .bar button { background: transparent; color: inherit; min-inline-size: 2.5rem; min-block-size: 2.5rem; border-radius: 0.4rem; font-size: 1.15rem; }
    .bar button:focus-visible { outline-color: var(--on-accent); outline-offset: -4px; }
    .grip { cursor: nwse-resize; touch-action: none; }
    .panel { color-scheme: light dark; }
    .light .panel { color-scheme: light; }
    .dark .panel { color-scheme: dark; }
    .panel, iframe { background: #fff; background: light-dark(#fff, #14181f); }
    iframe { border: 0; inline-size: 100%; block-size: 100%; color-scheme: light dark; }
    [aria-busy=true]::after { content: ""; position: absolute; inset: calc(50% - 0.5rem) auto auto calc(50% - 0.5rem); inline-size: 1rem; block-size: 1rem; border-radius: 50%; background: #8a94a3; animation: wait 1s ease-in-out infinite alternate; }
    @keyframes wait { from { opacity: 0.2; } }
    @media (prefers-reduced-motion: reduce) { [aria-busy=true]::after { animation: none; } }
    .inline .panel { position: relative; inset: auto; z-index: 0; inline-size: 100%; block-size: var(--height, 42rem); box-shadow: none; grid-template-rows: 1fr; }
    .inline .bar, .inline .open { display: none; }
    [hidden] { display: none !important; }
    @media (max-width: 40rem) { .wrap:not(.inline) .panel { inset: 0; inline-size: 100%; block-size: 100%; border: 0; border-radius: 0; } .grip { display: none; } }
    @media (forced-colors: active) { .open, .panel, .bar { border: 1px solid ButtonText; } }
    @media print { .wrap { display: none; } }
  `;

  const make = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  const placed = () => [...document.querySelectorAll(TAG)];

  // What keeps this page from ever showing the chat, told to whoever runs it; else nothing. The
  // origin of a page in a sandbox is not the one in its address.
  const hindrance = () => {
    if (self.origin === HOST) return "";
    if (!/^https?:\/\//.test(self.origin))
      return "this page has no origin of its own, as in a sandboxed frame or a local file, so no list can name it";
    if (self.origin.startsWith("https:") || ["localhost", "127.0.0.1"].includes(location.hostname)) return "";
    return `this page came by http; with https, FORUM_EMBED_ORIGINS=${self.origin.replace("http:", "https:")} lets it in`;
  };

  class ForumAssistant extends HTMLElement {
    #parts = null;
    #frame = null;
    #isHere = false; // whether the frame's script runs
    #isReady = false; // whether it can be asked
    #waiting = [];
    #patience = 0;
    #onMessage = (event) => this.#heard(event);
    #onKey = (event) => {
      if (event.key === "Escape" && this.isOpen && !this.isInline) this.close();
    };

    isOfLine = false; // made by a script's line, not written into the page

    connectedCallback() {
      if (!this.isOfLine) placed().forEach((other) => other.isOfLine && !other.isInline && other.remove());
      if (!this.#parts) this.#build();
      addEventListener("message", this.#onMessage);
      document.addEventListener("keydown", this.#onKey);
      if (hindrance()) this.#blocked(hindrance());
      else if (this.isInline) this.open();
    }

    disconnectedCallback() {
      removeEventListener("message", this.#onMessage);
      document.removeEventListener("keydown", this.#onKey);
    }

    get isInline() {
      return this.hasAttribute("inline");
    }

    get isOpen() {
      return this.#parts !== null && !this.#parts.panel.hidden;
    }

    open() {
      if (this.isOpen || hindrance()) return;
      if (!this.#frame) this.#load();
      this.#parts.panel.hidden = false;
      this.#parts.open.hidden = true;
      this.#parts.open.setAttribute("aria-expanded", "true");
      if (!this.isInline) this.#frame.focus();
      this.#tell("open");
    }

    close() {
      if (!this.isOpen || this.isInline) return;
      this.#parts.panel.hidden = true;
      this.#parts.open.hidden = false;
      this.#parts.open.setAttribute("aria-expanded", "false");
      this.#parts.open.focus();
      this.#tell("close");
    }

    ask(text) {
      this.open();
      this.#send({ type: "ask", text: String(text).slice(0, 2000) });
    }

    setLanguage(language) {
      this.setAttribute("lang", language);
      this.#name();
      if (this.#frame) this.#load();
    }

    #build() {
      const sheet = new CSSStyleSheet(); // An inline style would need leave from the page's policy.
      sheet.replaceSync(STYLE);
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      const open = make("button", { type: "button", className: "open" });
      open.setAttribute("aria-haspopup", "dialog");
      open.setAttribute("aria-expanded", "false");
      const title = make("span");
      const grip = make("button", { type: "button", className: "grip", textContent: "⤡" });
      const close = make("button", { type: "button", className: "close", textContent: "✕" });
      const bar = make("div", { className: "bar" }, title, make("span", {}, grip, close));
      const panel = make("div", { className: "panel", hidden: true }, bar);
      panel.setAttribute("role", this.isInline ? "region" : "dialog");
      const wrap = make("div", { className: "wrap" }, open, panel);
      wrap.classList.toggle("inline", this.isInline);
      wrap.classList.toggle("start", this.getAttribute("position") === "start");
      for (const theme of ["light", "dark"]) wrap.classList.toggle(theme, this.#theme() === theme);
      root.append(wrap);
      this.#parts = { open, panel, title, grip, close };
      open.addEventListener("click", () => this.open());
      close.addEventListener("click", () => this.close());
      this.#resizable(grip, panel);
      this.#colour();
      this.#name();
    }

    // A page that says nothing of dark colours is light, whatever the visitor's other pages are.
    #theme() {
      const wished = this.getAttribute("theme");
      if (wished === "light" || wished === "dark") return wished;
      const schemes = getComputedStyle(document.documentElement).colorScheme.split(" ");
      if (!schemes.includes("dark")) return "light";
      return schemes.includes("light") ? "" : "dark";
    }

    #language() {
      const asked = this.getAttribute("lang") || document.documentElement.lang || navigator.language;
      const code = asked.toLowerCase().split("-")[0];
      return code in WORDS ? code : "en";
    }

    #name() {
      const [ask, close, title, resize] = WORDS[this.#language()];
      const { open, panel } = this.#parts;
      open.textContent = this.getAttribute("label") || ask;
      panel.setAttribute("aria-label", title);
      this.#parts.title.textContent = title;
      this.#parts.close.setAttribute("aria-label", close);
      this.#parts.grip.setAttribute("aria-label", resize);
      if (this.#frame) this.#frame.title = title;
      this.shadowRoot.firstElementChild.lang = this.#language();
    }

    #colour() {
      const accent = this.getAttribute("accent") || "";
      if (!/^#[0-9a-f]{6}$/i.test(accent)) return;
      const parts = [1, 3, 5].map((at) => parseInt(accent.slice(at, at + 2), 16) / 255);
      const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue; // WCAG 2.2, relative luminance
      this.style.setProperty("--accent", accent);
      this.style.setProperty("--on-accent", 1.05 / (light + 0.05) >= 4.5 ? "#fff" : "#000");
    }

    #load() {
      const address = new URL("widget", BASE);
      address.searchParams.set("lang", this.#language());
      address.searchParams.set("site", self.origin);
      const theme = this.#theme();
      if (theme) address.searchParams.set("theme", theme);
      for (const name of PASSED) {
        const value = this.getAttribute(name);
        if (value) address.searchParams.set(name, value.slice(0, 600));
      }
      this.#frame?.remove();
      this.#isReady = this.#isHere = false;
      this.#parts.panel.setAttribute("aria-busy", "true");
      this.#frame = make("iframe", { src: address.href, title: WORDS[this.#language()][2] });
      this.#frame.referrerPolicy = "no-referrer";
      this.#frame.allow = "clipboard-write";
      this.#frame.sandbox =
        "allow-scripts allow-same-origin allow-forms allow-downloads allow-modals allow-popups " +
        "allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";
      this.#frame.addEventListener("load", () => this.#wait(PATIENCE.loaded));
      this.#parts.panel.append(this.#frame);
      this.#wait(PATIENCE.ever);
    }

    #wait(milliseconds) {
      clearTimeout(this.#patience);
      this.#patience = setTimeout(() => this.#isHere || this.#blocked(), milliseconds);
    }

    #blocked(why = `if it is running, let this site show it: FORUM_EMBED_ORIGINS=${self.origin}`) {
      console.warn(`The forum assistant at ${HOST} did not open in this page: ${why}`);
      this.hidden = true; // Nothing broken is shown to a visitor.
      this.#tell("blocked");
    }

    #send(message) {
      if (!this.#isReady) this.#waiting.push(message);
      else this.#frame.contentWindow.postMessage({ forumAssistant: 1, ...message }, HOST);
    }

    #heard({ origin, source, data }) {
      if (origin !== HOST || !this.#frame || source !== this.#frame.contentWindow) return;
      if (typeof data !== "object" || data === null || data.forumAssistant !== 1) return;
      this.#isHere = true;
      this.#parts.panel.removeAttribute("aria-busy");
      if (data.type === "ready") {
        this.#isReady = true;
        this.#bring();
        this.#waiting.splice(0).forEach((message) => this.#send(message));
        this.#tell("ready");
      } else if (data.type === "keep" && typeof data.kept === "string" && data.kept.length <= MOST_KEPT) {
        this.#keep(data.kept);
      } else if (data.type === "close") {
        this.close();
      } else if (data.type === "answer" && typeof data.outcome === "string") {
        this.#tell("answer", { outcome: data.outcome, sources: Number(data.sources) || 0 });
      }
    }

    // Where the browser gives a frame no store of its own, this page keeps the conversation for it.
    #keep(kept) {
      try {
        if (kept) sessionStorage.setItem(KEPT, kept);
        else sessionStorage.removeItem(KEPT);
      } catch {
        // nothing is kept, and nothing breaks
      }
    }

    #bring() {
      try {
        const kept = sessionStorage.getItem(KEPT);
        if (kept) this.#send({ type: "kept", kept });
      } catch {
        // likewise
      }
    }

    #tell(what, detail = {}) {
      this.dispatchEvent(new CustomEvent(`${TAG}:${what}`, { bubbles: true, composed: true, detail }));
    }

    #resizable(grip, panel) {
      const grow = (width, height) => {
        const box = panel.getBoundingClientRect();
        panel.style.inlineSize = `${Math.max(288, Math.min(box.width + width, innerWidth - 24))}px`;
        panel.style.blockSize = `${Math.max(320, Math.min(box.height + height, innerHeight - 24))}px`;
      };
      const side = () => (this.getAttribute("position") === "start" ? 1 : -1);
      grip.addEventListener("pointerdown", (event) => grip.setPointerCapture(event.pointerId));
      grip.addEventListener("pointermove", (event) => {
        if (grip.hasPointerCapture(event.pointerId)) grow(side() * event.movementX, -event.movementY);
      });
      grip.addEventListener("keydown", (event) => {
        const step = { ArrowUp: [0, 24], ArrowDown: [0, -24], ArrowLeft: [24, 0], ArrowRight: [-24, 0] }[event.key];
        if (!step) return;
        grow(...step);
        event.preventDefault();
      });
    }
  }

  const isNew = !customElements.get(TAG);
  if (isNew) customElements.define(TAG, ForumAssistant);

  const { target, ...options } = document.currentScript.dataset;
  const widget = document.createElement(TAG);
  for (const [name, value] of Object.entries(options)) widget.setAttribute(name, value);
  widget.isOfLine = true;
  if (target) widget.setAttribute("inline", "");

  const attach = () => {
    if (widget.isConnected) return;
    // Beside the body, not in it: page changes without a reload replace the body. Where the page has
    // an element of its own, that one is meant.
    if (!target && placed().every((other) => other.isOfLine)) document.documentElement.append(widget);
    else if (target) document.querySelector(target)?.append(widget);
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", attach);
  else attach();
  for (const change of ["turbo:load", "turbolinks:load", "pjax:end", "astro:page-load", "htmx:afterSettle"]) {
    document.addEventListener(change, attach);
  }

  window.ForumAssistant ??= {
    get widgets() {
      return placed();
    },
    open: () => placed()[0]?.open(),
    close: () => placed()[0]?.close(),
    ask: (text) => placed()[0]?.ask(text),
    setLanguage: (language) => placed().forEach((other) => other.setLanguage(language)),
  };
})();
