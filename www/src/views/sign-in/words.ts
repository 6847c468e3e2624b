const vi = {
  title: "Đăng nhập",
  explain:
    "Nhập khóa truy cập để xem tài khoản và giao dịch. Khóa chỉ được giữ trong thẻ trình duyệt này và mất khi bạn đóng thẻ.",
  key: "Khóa truy cập",
  submit: "Xem giao dịch",
  empty: "Hãy nhập khóa.",
  notAscii: "Khóa không có dấu tiếng Việt và không có khoảng trắng.",
};

/** The words of the sign-in. */
export const dictionary = {
  vi,
  en: {
    title: "Sign in",
    explain:
      "Enter an edge key to see accounts and transactions. The key is kept in this browser tab only, and is gone when you close it.",
    key: "Edge key",
    submit: "See transactions",
    empty: "Please enter a key.",
    notAscii: "A key has no accented letters and no blanks.",
  } satisfies typeof vi,
};
