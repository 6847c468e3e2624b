/**
 * What this page asked last, and where the time went.
 */
import { lastAsked } from "../../asked.ts";
import { NONE, clock } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { span } from "./figures.ts";
import { askedOf, originOf } from "./timings.ts";
import type { Asked } from "./timings.ts";
import { dictionary } from "./words.ts";

/** The table. */
export function Questions() {
  const w = inWords(dictionary);
  const asked = lastAsked.value.map((entry) => askedOf(entry, performance.timeOrigin));
  return (
    <section class="panel section" aria-labelledby="gate-questions">
      <h2 id="gate-questions">{w.questions}</h2>
      <p class="soft">{w.questionsHint}</p>
      {asked.length === 0 ? <p>{w.noQuestions}</p> : <Table asked={asked} />}
    </section>
  );
}

function Table({ asked }: { asked: readonly Asked[] }) {
  const { column } = inWords(dictionary);
  return (
    <div class="gate-table">
      <table class="asked">
        <thead>
          <tr>
            {([column.question, column.total, column.queue, column.sePay] as const).map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {asked.map((question) => (
            <Row key={`${question.atMs} ${question.route}`} question={question} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ question }: { question: Asked }) {
  const { atMs, route, totalMs, gate } = question;
  return (
    <tr>
      <th scope="row">
        <code>{route}</code>
        <p class="soft number">
          <time>{clock(atMs)}</time> · {originText(question)}
        </p>
      </th>
      <td class="number">{span(totalMs)}</td>
      <td class="number">{gate ? span(gate.queueMs) : NONE}</td>
      <td class="number">{gate ? span(gate.sePayMs) : NONE}</td>
    </tr>
  );
}

function originText(question: Asked): string {
  const { origin } = inWords(dictionary);
  const from = originOf(question);
  return from === "memory" ? origin.memory(span(question.gate?.ageMs ?? 0)) : origin[from];
}
