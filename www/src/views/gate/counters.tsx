/**
 * What the gate has counted since it started.
 */
import type { EdgeStatus } from "../../../../src/js/npm/src/edge.ts";
import { count } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { size } from "./figures.ts";
import { Figure } from "./now.tsx";
import { dictionary } from "./words.ts";

/** The counters. */
export function Counters({ status }: { status: EdgeStatus }) {
  const { calls, breaker, cache, profile, uptimeMs } = status;
  const w = inWords(dictionary);
  const minutes = Math.floor(uptimeMs / 60_000);
  const events = { ...calls, timesOpened: breaker.timesOpened };
  return (
    <section class="panel section" aria-labelledby="gate-counters">
      <h2 id="gate-counters">{w.counters}</h2>
      <p class="soft number">
        {w.about(profile, w.uptime(Math.floor(minutes / 60), minutes % 60))} · {w.memory(count(cache.entries), size(cache.bytes))}
      </p>
      <Group title={w.servedTitle} names={w.served} counts={{ ...calls.served, refused: calls.refused }} />
      <Group title={w.resultsTitle} names={w.results} counts={calls.results} />
      <Group title={w.eventsTitle} names={w.events} counts={events} />
    </section>
  );
}

function Group<Name extends string>(props: { title: string; names: Record<Name, string>; counts: { [name in NoInfer<Name>]: number } }) {
  const { title, names, counts } = props;
  return (
    <div class="counters">
      <h3>{title}</h3>
      <dl class="gate-figures">
        {(Object.keys(names) as Name[]).map((name) => (
          <Figure key={name} name={names[name]}>
            {count(counts[name])}
          </Figure>
        ))}
      </dl>
    </div>
  );
}
