/**
 * The last three minutes as five small charts, and as a table.
 */
import { NONE, clock, count } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { rate, share, span } from "./figures.ts";
import { pointsOf } from "./samples.ts";
import type { Point, Sample } from "./samples.ts";
import { SERIES, courseOf, valueOf } from "./series.ts";
import type { Series } from "./series.ts";
import { HEIGHT, WIDTH, pathsOf, yOf } from "./spark.ts";
import { dictionary } from "./words.ts";

const TABLE_ROWS = 15;

/** The charts. */
export function Charts({ samples }: { samples: readonly Sample[] }) {
  const w = inWords(dictionary);
  const points = pointsOf(samples);
  const limit = samples.at(-1)?.status.slots.length ?? 0;
  return (
    <section class="section" aria-labelledby="gate-charts">
      <h2 id="gate-charts">{w.charts}</h2>
      <div class="sparks">
        {SERIES.map((series) => (
          <Spark key={series} series={series} points={points} limit={limit} />
        ))}
      </div>
      <details class="gate-values">
        <summary>{w.lastValues}</summary>
        <Values points={points} />
      </details>
    </section>
  );
}

function Spark({ series, points, limit }: { series: Series; points: readonly Point[]; limit: number }) {
  const w = inWords(dictionary);
  const { spots, frame, now, least, most } = courseOf(series, points, limit);
  const { line, ground } = pathsOf(spots, frame);
  const limitY = series === "calls" ? yOf(limit, frame.top) : null;
  const isEmpty = least === null || most === null;
  return (
    <figure class="panel spark">
      <figcaption>
        <span class="spark-name">{w.chart[series]}</span>
        <span class="spark-now number">{text(series, now)}</span>
        <span class="visually-hidden">
          {isEmpty ? w.noValues : w.summary(text(series, least), text(series, most), text(series, now))}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <path class="spark-ground" d={ground} />
        {limitY !== null && <path class="spark-limit" d={`M0,${limitY}H${WIDTH}`} />}
        <path class="spark-line" d={line} />
      </svg>
      <p class="soft number" aria-hidden="true">
        {isEmpty ? w.noValues : w.most(text(series, most))}
        {limitY !== null && ` · ${w.limit(count(limit))}`}
      </p>
    </figure>
  );
}

function Values({ points }: { points: readonly Point[] }) {
  const w = inWords(dictionary);
  return (
    <div class="gate-table" role="region" aria-label={w.lastValues} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{w.column.when}</th>
            {SERIES.map((series) => (
              <th key={series} scope="col">
                {w.chart[series]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points
            .slice(-TABLE_ROWS)
            .reverse()
            .map((point) => (
              <tr key={point.atMs}>
                <th scope="row">
                  <time>{clock(point.atMs)}</time>
                </th>
                {SERIES.map((series) => (
                  <td key={series} class="number">
                    {text(series, valueOf(series, point))}
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

function text(series: Series, value: number | null): string {
  if (series === "hits") return share(value);
  if (series === "calls" || series === "questions") return rate(value);
  if (value === null) return NONE;
  return series === "queue" ? count(value) : span(value);
}
