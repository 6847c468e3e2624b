/** A strict reader of Prometheus' text format, version 0.0.4: throws on whatever its page does not allow. */

/** One metric with its samples. */
export interface Metric {
  readonly type: string;
  readonly help: string;
  readonly samples: Map<string, number>;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$|^[+-]Inf$|^NaN$/;
const TYPES = ["counter", "gauge", "histogram", "summary", "untyped"];

/** Reads a whole exposition: HELP and TYPE once and before the samples, each metric in one group, no series twice. */
export function readMetrics(text: string): Map<string, Metric> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const metrics = new Map<string, Metric>();
  let current = "";
  let help = new Map<string, string>();
  for (const line of text.slice(0, -1).split("\n")) {
    const [, keyword = "", name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === "HELP") {
      if (!NAME.test(name) || help.has(name)) throw new Error(`a second HELP, or no name: ${line}`);
      if (/\\(?![\\n])/.test(rest)) throw new Error(`a bad escape: ${line}`);
      help = help.set(name, rest);
    } else if (keyword === "TYPE") {
      if (!TYPES.includes(rest) || metrics.has(name)) throw new Error(`a second TYPE, or none that exists: ${line}`);
      metrics.set(name, { type: rest, help: help.get(name) ?? "", samples: new Map() });
      current = name;
    } else {
      addSample(line, current, metrics);
    }
  }
  return metrics;
}

function addSample(line: string, current: string, metrics: Map<string, Metric>): void {
  const [, name = "", , labels = "", value = ""] = /^([^\s{]+)(\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const metric = metrics.get(name);
  if (metric === undefined || name !== current) throw new Error(`outside of its group, or without a TYPE: ${line}`);
  if (!NUMBER.test(value)) throw new Error(`no number: ${line}`);
  const series = readLabels(labels, line);
  if (metric.samples.has(series)) throw new Error(`twice: ${line}`);
  metric.samples.set(series, Number(value.replace("Inf", "Infinity")));
}

/** Returns labels in the order of their names, as they stand, without `profile`. */
function readLabels(text: string, line: string): string {
  const labels = new Map<string, string>();
  let rest = text;
  while (rest !== "") {
    const [whole, name = "", value = ""] = LABEL.exec(rest) ?? [];
    if (whole === undefined || labels.has(name)) throw new Error(`bad labels: ${line}`);
    labels.set(name, value);
    rest = rest.slice(whole.length);
  }
  labels.delete("profile");
  return [...labels].toSorted().map(([name, value]) => `${name}=${value}`).join();
}
