/**
 * The words that the page's parts share, and what went wrong in words for the person who looks at it.
 */
import type { SePayError } from "../../src/js/npm/src/edge.ts";
import { inWords } from "./i18n.ts";

const vi = {
  title: "sepay-edge · Tài khoản và giao dịch",
  skip: "Đến nội dung chính",
  views: { accounts: "Tài khoản", transactions: "Giao dịch", paid: "Đã trả chưa?", gate: "Cổng SePay" },
  navigation: "Các mục",
  docs: "Tài liệu API",
  docsHref: "/docs",
  otherLang: "English",
  signOut: "Đăng xuất",
  loading: "Đang tải…",
  loadingPart: "Đang tải phần này…",
  partFailed: "Không tải được phần này của trang. Hãy kiểm tra mạng rồi tải lại trang.",
  reload: "Tải lại trang",
  notForThisKey: "Khóa này không được xem phần này",
  notForThisKeyHint: (scope: string) => `Cần một khóa có quyền ${scope}. Người quản trị tạo được khóa như vậy.`,
  retry: "Thử lại",
  retrying: "Đang thử lại…",
  retryIn: (secs: number) => `Thử lại sau ${secs} giây`,
  retryFrom: (secs: number, time: string) => `Có thể thử lại sau ${secs} giây, từ lúc ${time}.`,
  refresh: "Làm mới",
  errorCode: "Mã lỗi",
  requestId: "Mã yêu cầu",
  noRequestId: "không có",
  updatedAt: (time: string) => `Cập nhật lúc ${time}`,
  oldData: (age: string, time: string) => `Dữ liệu cũ ${age}, lúc ${time}`,
  live: "Trực tiếp",
  offline: "Không có mạng. Trang tự cập nhật lại khi có mạng.",
  copy: (what: string) => `Chép ${what}`,
  copied: "Đã chép",
  copyFailed: "Không chép được",
  close: "Đóng",
  unclearAmount: "Không rõ số tiền. Viết như 1.500.000, 150k hoặc 1,5tr.",
  newRows: (n: number, first: string) => (n === 1 ? `Giao dịch mới: ${first}` : `${n} giao dịch mới. Mới nhất: ${first}`),
  seconds: (n: number) => `${n} giây`,
  minutes: (n: number) => `${n} phút`,
  field: {
    when: "Thời gian",
    account: "Tài khoản",
    content: "Nội dung",
    code: "Mã thanh toán",
    reference: "Mã tham chiếu",
    amount: "Số tiền",
    amountIn: "Tiền vào",
    amountOut: "Tiền ra",
    balance: "Số dư",
    bank: "Ngân hàng",
    holder: "Chủ tài khoản",
    subAccount: "Tài khoản ảo (VA)",
    id: "Mã giao dịch SePay",
    direction: "Chiều",
  },
};

type Common = typeof vi;

const en: Common = {
  title: "sepay-edge · Accounts and transactions",
  skip: "Skip to the content",
  views: { accounts: "Accounts", transactions: "Transactions", paid: "Is it paid?", gate: "Gate" },
  navigation: "Sections",
  docs: "API reference",
  docsHref: "/docs/en",
  otherLang: "Tiếng Việt",
  signOut: "Sign out",
  loading: "Loading…",
  loadingPart: "Loading this part…",
  partFailed: "This part of the page could not be loaded. Check the network, then reload the page.",
  reload: "Reload the page",
  notForThisKey: "This key may not see this part",
  notForThisKeyHint: (scope) => `It takes a key with the scope ${scope}. Whoever runs the server can make one.`,
  retry: "Try again",
  retrying: "Trying again…",
  retryIn: (secs) => `Try again in ${secs} s`,
  retryFrom: (secs, time) => `You can try again in ${secs} s, from ${time}.`,
  refresh: "Refresh",
  errorCode: "Error code",
  requestId: "Request id",
  noRequestId: "none",
  updatedAt: (time) => `Updated at ${time}`,
  oldData: (age, time) => `Data is ${age} old, from ${time}`,
  live: "Live",
  offline: "No network. The page goes on by itself when there is one.",
  copy: (what) => `Copy ${what}`,
  copied: "Copied",
  copyFailed: "Could not be copied",
  close: "Close",
  unclearAmount: "The amount is not clear. Write it like 1,500,000, 150k or 1.5tr.",
  newRows: (n, first) => (n === 1 ? `New transaction: ${first}` : `${n} new transactions. The newest: ${first}`),
  seconds: (n) => `${n} s`,
  minutes: (n) => `${n} min`,
  field: {
    when: "Time",
    account: "Account",
    content: "Content",
    code: "Payment code",
    reference: "Reference",
    amount: "Amount",
    amountIn: "Money in",
    amountOut: "Money out",
    balance: "Balance",
    bank: "Bank",
    holder: "Holder",
    subAccount: "Virtual account (VA)",
    id: "SePay's transaction id",
    direction: "Direction",
  },
};

const problems = {
  vi: {
    unauthorized: "Khóa không đúng, đã hết hạn hoặc đã bị thu hồi. Hãy nhập lại khóa.",
    forbidden: "Khóa này không được phép xem phần này.",
    invalid_parameter: "Một giá trị không đúng.",
    rate_limited: "Khóa này đang hỏi quá nhanh.",
    upstream_unauthorized: "SePay từ chối token của máy chủ. Hãy báo cho người quản trị.",
    upstream_busy: "SePay đang bận.",
    upstream_timeout: "SePay trả lời quá chậm.",
    upstream_error: "SePay đang gặp lỗi.",
    upstream_unreadable: "Máy chủ không đọc được câu trả lời của SePay.",
    upstream_challenge: "SePay đang yêu cầu xác minh trình duyệt nên máy chủ chưa lấy được dữ liệu.",
    connection: "Không kết nối được với máy chủ. Hãy kiểm tra mạng rồi thử lại.",
    timeout: "Máy chủ không trả lời kịp.",
    unreadable: "Không đọc được câu trả lời của máy chủ.",
    other: "Có lỗi xảy ra.",
  },
  en: {
    unauthorized: "The key is wrong, has expired or was withdrawn. Please enter it again.",
    forbidden: "This key may not see this part.",
    invalid_parameter: "A value is not right.",
    rate_limited: "This key is asking too fast.",
    upstream_unauthorized: "SePay refuses the server's token. Please tell whoever runs it.",
    upstream_busy: "SePay is busy.",
    upstream_timeout: "SePay answers too slowly.",
    upstream_error: "SePay has a fault.",
    upstream_unreadable: "The server cannot read SePay's answer.",
    upstream_challenge: "SePay wants to check for a browser, so the server could not get the data.",
    connection: "No connection to the server. Check the network, then try again.",
    timeout: "The server did not answer in time.",
    unreadable: "The server's answer cannot be read.",
    other: "Something went wrong.",
  },
};

const common = { vi, en };

/** The shared words in the language chosen. */
export function words(): Common {
  return inWords(common);
}

/** Says in one or two sentences what happened. */
export function explain({ code }: SePayError): string {
  const known: Record<string, string> & { other: string } = inWords(problems);
  return known[code] ?? known.other;
}
