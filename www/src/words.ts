/**
 * What went wrong, in words for the person who looks at the page.
 */
import type { SePayError } from "../../src/js/npm/src/edge.ts";

const WORDS: Record<string, string> = {
  unauthorized: "Khóa không đúng, đã hết hạn hoặc đã bị thu hồi. Hãy nhập lại khóa.",
  forbidden: "Khóa này không được phép xem phần này.",
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
};

/** Says in one or two sentences what happened. */
export function explain(problem: SePayError): string {
  return WORDS[problem.code] ?? "Có lỗi xảy ra.";
}
