/**
 * The words of the gate's view, and its one sentence: why a question would wait now.
 */
import { inWords } from "../../i18n.ts";
import { secs } from "./figures.ts";
import type { SlotState, Verdict } from "./verdict.ts";

const vi = {
  title: "Cổng SePay",
  intro: "Mọi câu hỏi gửi đến SePay đều đi qua cổng này, không nhanh hơn mức SePay cho phép.",
  free: "Đang rảnh: câu hỏi mới được gửi đi ngay.",
  busy: (slots: number, questions: number, wait: string) =>
    `${slots === 1 ? "Suất gọi duy nhất" : slots === 2 ? "Cả hai suất gọi" : `Cả ${slots} suất gọi`} đều bận; ` +
    `${questions === 0 ? "không có câu hỏi nào chờ" : `${questions} câu hỏi đang chờ`}; câu hỏi mới chờ khoảng ${wait} giây.`,
  slow: (roundTrip: string) => `SePay trả lời chậm: khoảng ${roundTrip} giây.`,
  down: "SePay không trả lời: cổng thử lại từng câu hỏi một, và trong lúc đó dùng những câu trả lời đã biết.",
  paused: (seconds: number) => `SePay báo 429 (quá nhiều yêu cầu); gửi tiếp sau ${seconds} giây.`,
  pausedOwn: (seconds: number) => `SePay báo 429 vì chính cổng này đã hỏi quá nhanh; gửi tiếp sau ${seconds} giây.`,
  pausedForeign: (seconds: number) => `SePay báo 429: có nơi khác đang dùng chung token; gửi tiếp sau ${seconds} giây.`,
  slots: "Suất gọi",
  slotsHint: "Mỗi suất bận từ lúc gửi đến một giây sau khi SePay trả lời, nên không giây nào có quá nhiều yêu cầu.",
  slot: (number: number) => `Suất ${number}`,
  slotState: {
    inFlight: "đang hỏi SePay",
    cooling: (left: string) => `nghỉ thêm ${left}`,
    held: "tạm giữ lại",
    free: "rảnh",
  },
  slotCounts: ({ inFlight, cooling, held, free }: Record<SlotState, number>) =>
    `${inFlight} đang hỏi · ${cooling} đang nghỉ · ${held > 0 ? `${held} tạm giữ · ` : ""}${free} rảnh`,
  queue: "Hàng chờ",
  queueField: {
    questions: "Câu hỏi chờ gửi",
    interactive: "có người đang chờ",
    background: "chạy nền",
    refreshes: "Câu trả lời cần làm mới",
    inFlight: "Câu hỏi đang ở SePay",
    callers: "Người hỏi đang chờ",
  },
  pace: "Nhịp",
  paceField: {
    pause: "Tạm dừng sau 429",
    breaker: "Ngắt mạch",
    roundTrip: "SePay trả lời trong",
    ready: "Yêu cầu kế tiếp đi được, chậm nhất sau",
    waits: "Người hỏi đã chờ ở cổng (phút vừa qua)",
  },
  noPause: "không",
  pauseCause: { own429: "do cổng này", foreign429: "do nơi khác dùng token", unknown: "chưa rõ do đâu" },
  breakerOpen: "đang mở: SePay được coi là ngừng",
  breakerClosed: "đóng: SePay đang trả lời",
  now: "ngay",
  charts: "Ba phút gần nhất",
  chart: {
    calls: "Yêu cầu đến SePay mỗi giây",
    questions: "Câu hỏi mỗi giây",
    hits: "Trả lời ngay từ bộ nhớ",
    queue: "Câu hỏi trong hàng chờ",
    roundTrip: "SePay trả lời trong",
  },
  limit: (limit: string) => `giới hạn ${limit}`,
  most: (most: string) => `cao nhất ${most}`,
  summary: (least: string, most: string, now: string) => `Ba phút gần nhất: từ ${least} đến ${most}, hiện là ${now}.`,
  noValues: "Chưa có số liệu.",
  lastValues: "Các giá trị cuối dưới dạng bảng",
  questions: "Câu hỏi gần đây của trang này",
  questionsHint:
    "Tổng: từ lúc trang hỏi đến lúc nhận xong. Ở cổng: chờ một suất gọi. SePay: SePay trả lời. “Từ bộ nhớ”: đã biết sẵn, không ai phải hỏi SePay.",
  noQuestions: "Trang này chưa hỏi gì.",
  column: { when: "Lúc", question: "Câu hỏi", total: "Tổng", queue: "Ở cổng", sePay: "SePay" },
  origin: { memory: (age: string) => `từ bộ nhớ, cũ ${age}`, sePay: "hỏi SePay", joined: "chung với câu đã hỏi", unknown: "không qua SePay" },
  counters: "Từ khi cổng khởi động",
  servedTitle: "Người hỏi được trả lời",
  served: {
    asked: "sau khi hỏi SePay",
    joined: "chung với người đã hỏi",
    known: "từ bộ nhớ, còn mới",
    refreshing: "từ bộ nhớ, đang làm mới",
    busy: "bản cũ, vì SePay bận",
    down: "bản cũ, vì SePay lỗi",
    refused: "không được, phải hỏi lại sau",
  },
  resultsTitle: "Yêu cầu đến SePay kết thúc",
  results: {
    good: "tốt",
    missing: "không có bản ghi đó",
    failed: "không dùng được",
    passing: "không trả lời hoặc lỗi 5xx",
    rateLimited: "429",
    unsent: "chưa gửi được",
  },
  eventsTitle: "Sự cố",
  events: {
    rateLimitedOwn: "429 do cổng này",
    rateLimitedForeign: "429 do nơi khác",
    retried: "gửi lại",
    failed: "hỏng",
    timesOpened: "số lần ngắt mạch",
    left: "người hỏi bỏ đi",
  },
  about: (profile: string, uptime: string) => `Hồ sơ ${profile} · chạy được ${uptime}`,
  memory: (entries: string, bytes: string) => `bộ nhớ: ${entries} câu trả lời, ${bytes}`,
  uptime: (hours: number, minutes: number) => (hours > 0 ? `${hours} giờ ${minutes} phút` : `${minutes} phút`),
};

/** The view's words. */
export const dictionary = {
  vi,
  en: {
    title: "The gate to SePay",
    intro: "Every question to SePay goes through this gate, no faster than SePay allows.",
    free: "Free: a new question leaves at once.",
    busy: (slots, questions, wait) =>
      `${slots === 1 ? "The only slot is" : slots === 2 ? "Both slots are" : `All ${slots} slots are`} busy; ` +
      `${questions === 0 ? "no question waits" : questions === 1 ? "1 question waits" : `${questions} questions wait`}; ` +
      `a new one waits about ${wait} s.`,
    slow: (roundTrip) => `SePay answers slowly: it takes about ${roundTrip} s.`,
    down: "SePay does not answer: the gate tries one question at a time, and serves what it knows meanwhile.",
    paused: (seconds) => `SePay said 429 (too many requests); going on in ${seconds} s.`,
    pausedOwn: (seconds) => `SePay said 429 because this gate asked too fast; going on in ${seconds} s.`,
    pausedForeign: (seconds) => `SePay said 429: somebody else uses the token; going on in ${seconds} s.`,
    slots: "Slots",
    slotsHint: "A slot is busy from the sending until one second after SePay's answer, so that no second ever holds too many requests.",
    slot: (number) => `Slot ${number}`,
    slotState: { inFlight: "asking SePay", cooling: (left) => `rests for ${left}`, held: "held back", free: "free" },
    slotCounts: ({ inFlight, cooling, held, free }) =>
      `${inFlight} asking · ${cooling} resting · ${held > 0 ? `${held} held back · ` : ""}${free} free`,
    queue: "Queue",
    queueField: {
      questions: "Questions that wait",
      interactive: "with somebody waiting",
      background: "in the background",
      refreshes: "Answers to be refreshed",
      inFlight: "Questions at SePay",
      callers: "Callers who wait",
    },
    pace: "Pace",
    paceField: {
      pause: "Pause after a 429",
      breaker: "Circuit breaker",
      roundTrip: "SePay answers in",
      ready: "The next request leaves at the latest in",
      waits: "Callers waited at the gate (last minute)",
    },
    noPause: "none",
    pauseCause: { own429: "by this gate", foreign429: "by somebody else's use of the token", unknown: "cause not known" },
    breakerOpen: "open: SePay is taken to be down",
    breakerClosed: "closed: SePay answers",
    now: "at once",
    charts: "The last three minutes",
    chart: {
      calls: "Requests to SePay per second",
      questions: "Questions per second",
      hits: "Answered at once from memory",
      queue: "Questions in the queue",
      roundTrip: "SePay answers in",
    },
    limit: (limit) => `limit ${limit}`,
    most: (most) => `highest ${most}`,
    summary: (least, most, now) => `The last three minutes: from ${least} to ${most}, now ${now}.`,
    noValues: "No figures yet.",
    lastValues: "The last values as a table",
    questions: "This page's own last questions",
    questionsHint:
      "Total: from asking to the last byte. At the gate: waiting for a slot. SePay: until SePay answered. “From memory”: it was known, and SePay was not asked.",
    noQuestions: "This page has asked nothing yet.",
    column: { when: "At", question: "Question", total: "Total", queue: "At the gate", sePay: "SePay" },
    origin: { memory: (age) => `from memory, ${age} old`, sePay: "SePay was asked", joined: "joined one that was asked", unknown: "not from SePay" },
    counters: "Since the gate started",
    servedTitle: "Callers were answered",
    served: {
      asked: "after asking SePay",
      joined: "together with one who had asked",
      known: "from memory, fresh",
      refreshing: "from memory, being refreshed",
      busy: "with an old answer: SePay was busy",
      down: "with an old answer: SePay failed",
      refused: "not: they were to come back later",
    },
    resultsTitle: "Requests to SePay ended",
    results: {
      good: "well",
      missing: "without such a record",
      failed: "with nothing of use",
      passing: "without an answer, or with 5xx",
      rateLimited: "with 429",
      unsent: "before they left",
    },
    eventsTitle: "Trouble",
    events: {
      rateLimitedOwn: "429s by this gate",
      rateLimitedForeign: "429s by somebody else",
      retried: "sent again",
      failed: "failed",
      timesOpened: "times SePay was down",
      left: "callers who left",
    },
    about: (profile, uptime) => `Profile ${profile} · running for ${uptime}`,
    memory: (entries, bytes) => `memory: ${entries} answers, ${bytes}`,
    uptime: (hours, minutes) => (hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`),
  } satisfies typeof vi,
};

/** Says in one or two plain sentences what the gate is doing. */
export function sentence(of: Verdict): string {
  const w = inWords(dictionary);
  if (of.kind === "paused") return pauseSentence(of);
  if (of.kind !== "busy") return w[of.kind];
  const busy = w.busy(of.slots, of.questions, secs(Math.max(of.waitMs, 100)));
  return of.slowMs === null ? busy : `${busy} ${w.slow(secs(of.slowMs))}`;
}

function pauseSentence({ cause, leftMs }: Extract<Verdict, { kind: "paused" }>): string {
  const w = inWords(dictionary);
  const leftSecs = Math.ceil(leftMs / 1000);
  if (cause === null) return w.paused(leftSecs);
  return cause === "own429" ? w.pausedOwn(leftSecs) : w.pausedForeign(leftSecs);
}
