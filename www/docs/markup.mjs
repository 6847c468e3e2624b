/** HTML out of plain values: everything is escaped here and nowhere else. */

/** @type {Readonly<Record<string, string>>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/**
 * A text as it stands.
 * @param {unknown} value
 * @returns {string}
 */
export function text(value) {
  return String(value).replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
}

/**
 * A sentence in which `code`, **strong words** and [links](#there) are marked as in Markdown.
 * @param {string} sentence
 * @returns {string}
 */
export function prose(sentence) {
  return text(sentence)
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, '<a href="$2">$1</a>');
}

/**
 * Lines that are copied or read as they stand. What `runs` names can be pasted.
 * @param {string} lines
 * @param {string} label what it is, for those who do not see it
 * @param {{ runs?: string, of?: string }} [kind]
 * @returns {string}
 */
export function code(lines, label, { runs, of } = {}) {
  const data = `${runs ? ` data-runs="${text(runs)}"` : ""}${of ? ` data-of="${text(of)}"` : ""}`;
  return `<pre tabindex="0" role="region" aria-label="${text(label)}"${data}><code>${text(lines)}</code></pre>`;
}

/** @typedef {{ title: string, kind: "name" | "type" | "meaning" | "example" }} Head */

/**
 * A table whose rows become blocks on a phone: its roles are spelled out, because `display` takes them away.
 * @param {string} caption
 * @param {readonly Head[]} heads
 * @param {readonly (readonly string[])[]} rows cells as HTML; the first of each row names it
 * @returns {string}
 */
export function table(caption, heads, rows) {
  const head = heads.map(({ title }) => `<th scope="col" role="columnheader">${text(title)}</th>`).join("");
  const body = rows.map(([name = "", ...cells]) => {
    const rest = cells.map((cell, at) => {
      const { title = "", kind = "" } = heads[at + 1] ?? {};
      return `<td role="cell" class="${kind}" data-label="${text(title)}">${cell}</td>`;
    }).join("");
    return `<tr role="row"><th scope="row" role="rowheader">${name}</th>${rest}</tr>`;
  });
  return `<table class="facts" role="table"><caption class="visually-hidden">${text(caption)}</caption><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">
${body.join("\n")}
</tbody></table>`;
}
