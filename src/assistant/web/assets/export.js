// A turn of the conversation as text: what was asked and said, with its sources, and no words of the page.
"use strict";

const ForumExport = (() => {
  const find = (selector, within) => within.querySelector(selector);
  const all = (selector, within) => [...within.querySelectorAll(selector)];
  const SAID = ":is(:scope, .prose) > p:not(.understood, .filtered, .thanks, .status), .excerpt > :is(p:not(.translate), h3, blockquote), .excerpt :is(li, tr):not(.translation *), .by-hand > :is(p, h2, h3, h4, h5, h6, blockquote), .by-hand :is(li, tr)";
  const line = (node) => (node?.textContent ?? "").replace(/\s+/g, " ").trim();

  const asLine = (part) => {
    if (part.matches("tr")) return all("th, td", part).map(line).join(" | ");
    return part.matches("li") ? `- ${line(part)}` : line(part);
  };

  const turn = (shown) => {
    const answer = find(".answer", shown);
    if (!answer) return null;
    return {
      question: line(find(".question", shown)),
      answer: all(SAID, answer).map(asLine).filter(Boolean),
      sources: all(".card, .sources > ul > li, .documents li", answer).map((source) => ({
        numbers: line(find(".numbers", source)),
        title: line(find(".title", source)),
        facts: all(".facts > *", source).map(line).join(", "),
        url: find("a.title", source)?.href ?? "",
      })),
    };
  };

  // Words as Markdown shows them: nothing in them is markup, also not an address without brackets.
  const literal = (text) =>
    text
      .replace(/[\\`*_{}[\]<>#|~$&!]/g, "\\$&")
      .replace(/:(?=\/\/)|(?<=\bwww)\./gi, "\\$&")
      .replace(/^[-+=]|^(\d+)(?=[.)])/, (found, number) => (number ? `${number}\\` : `\\${found}`));

  const asMarkdownTurn = ({ question, answer, sources }) => {
    const told = ({ numbers, title, facts, url }) =>
      `- ${[numbers, title, `(${facts})`].filter(Boolean).map(literal).join(" ")}${url && ` <${url}>`}`;
    const said = answer.map((part) => (part.startsWith("- ") ? `- ${literal(part.slice(2))}` : literal(part)));
    return [`## ${literal(question)}`, ...said, sources.map(told).join("\n")].filter(Boolean).join("\n\n");
  };

  const asMarkdown = (title, turns) => `# ${literal(title)}\n\n${turns.map(asMarkdownTurn).join("\n\n")}\n`;

  const asText = ({ question, answer, sources }) => {
    const told = ({ numbers, title, facts, url }) => `- ${numbers} ${title} (${facts}) ${url}`.replace(/ +/g, " ");
    return [question, ...answer, sources.map(told).join("\n")].filter(Boolean).join("\n\n");
  };

  return { turn, asText, asMarkdown };
})();
