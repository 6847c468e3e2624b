/**
 * The Vietnamese of every English sentence of the contract and of the pages. When the English changes, its Vietnamese is
 * looked for anew and is not there: so none gets old in silence.
 * @type {Readonly<Record<string, string>>}
 */
export const vietnamese = {
  // The page.
  "API reference": "Tài liệu API",
  "To the content": "Đến nội dung chính",
  "Contents": "Mục lục",
  "Asks SePay which bank transfers came in, without handing out the SePay token.":
    "Hỏi SePay xem tiền đã vào tài khoản chưa mà không phải đưa API token của SePay cho ai.",
  "Name": "Tên",
  "Type": "Kiểu",
  "Meaning": "Ý nghĩa",
  "Example": "Ví dụ",
  "Parameters": "Tham số",
  "Fields of the JSON body": "Các trường trong thân JSON",
  "Answers": "Mã trạng thái",
  "Example answer": "Câu trả lời mẫu",
  "Status": "Mã",
  "required": "bắt buộc",
  "not modified": "không thay đổi",
  "Key": "Khóa",
  "Key or ticket": "Khóa hoặc vé",
  "scope": "quyền",
  "Without a key.": "Không cần khóa.",

  // Start, keys, tickets.
  "Start": "Bắt đầu",
  "The demo key": "Khóa dùng thử",
  "`npm start` serves this gateway on `http://127.0.0.1:8787`, in front of a sandbox with invented data. Its key is always this one, so that every example on this page can be pasted:":
    "`npm start` chạy cổng này tại `http://127.0.0.1:8787`, phía sau là một sandbox với dữ liệu giả. Khóa của nó luôn là khóa dưới đây, nên bạn có thể dán và chạy ngay mọi ví dụ trên trang này:",
  "For a gateway that is deployed, put its address and a key of your own in their place. Generators of clients read [openapi.json](/openapi.json).":
    "Với cổng đã triển khai, hãy thay bằng địa chỉ của cổng và khóa của bạn. Công cụ sinh mã thì đọc [openapi.json](/openapi.json).",
  "Keys": "Khóa",
  "Send the key in one header, `Authorization: Bearer <edge key>`, and never in a URL.":
    "Gửi khóa trong đúng một header, `Authorization: Bearer <khóa>`, không bao giờ đặt trong URL.",
  "A key has scopes: `transactions:read`, `accounts:read`, `tickets:write`, `metrics:read`, `audit:read`. Each route below names the one that it needs.":
    "Mỗi khóa có các quyền: `transactions:read`, `accounts:read`, `tickets:write`, `metrics:read`, `audit:read`. Từng API bên dưới ghi rõ quyền mà nó cần.",
  "A key may be limited to some accounts, to the last days, and in its fields. A hidden field is `null`, and a filter by it is refused: it would tell the value.":
    "Khóa có thể chỉ được xem một số tài khoản, một số ngày gần đây và một số trường. Trường bị ẩn luôn là `null`, và không thể lọc theo nó vì như vậy sẽ dò ra giá trị.",
  "Whoever runs the gateway makes a key with `npm run key`. Only its SHA-256 is stored; a lost key is replaced, not recovered.":
    "Người vận hành cổng tạo khóa bằng `npm run key`. Cổng chỉ lưu mã SHA-256 của khóa; mất khóa thì tạo khóa mới, không khôi phục được.",
  "Tickets": "Vé",
  "A key is too much for a customer's browser. Your server makes a ticket instead, for minutes and for one order:":
    "Không nên đưa khóa cho trình duyệt của khách. Thay vào đó, máy chủ của bạn tạo một vé, chỉ dùng trong vài phút và cho một đơn hàng:",
  "Your server sends `POST /api/tickets` with the order's payment code and amount ([example](#createTicket)).":
    "Máy chủ của bạn gọi `POST /api/tickets` kèm mã thanh toán và số tiền của đơn hàng ([ví dụ](#createTicket)).",
  "It gives `ticket` to the page, which sends it as `Authorization: Bearer <ticket>`.":
    "Máy chủ đưa `ticket` cho trang web; trang gửi nó dưới dạng `Authorization: Bearer <vé>`.",
  "The page asks `GET /api/transactions` and sees the payment of that order as soon as it is there, and nothing else.":
    "Trang gọi `GET /api/transactions` và thấy khoản thanh toán của đơn hàng đó ngay khi tiền vào, ngoài ra không thấy gì khác.",
  "A ticket never sees more than its key does at that moment, and ends with it.":
    "Vé không bao giờ thấy nhiều hơn khóa tạo ra nó tại thời điểm đó, và hết hiệu lực cùng với khóa.",

  // Transactions and accounts.
  "Routes: transactions": "API: giao dịch",
  "Money that moved.": "Tiền vào và tiền ra.",
  "List transactions": "Danh sách giao dịch",
  "Transactions, newest first. Every parameter narrows; they are joined by \"and\". `complete` is false when there may be more rows than were returned: ask again with a narrower period or a higher limit.":
    "Các giao dịch, mới nhất trước. Mỗi tham số thu hẹp thêm kết quả (các điều kiện nối với nhau bằng “và”). `complete` là false khi có thể còn dòng chưa được trả về: hãy hỏi lại với khoảng thời gian ngắn hơn hoặc `limit` lớn hơn.",
  "The transactions.": "Các giao dịch.",
  "Count transactions": "Đếm giao dịch",
  "How many transactions the list would have without a limit.": "Số giao dịch mà danh sách sẽ có nếu không giới hạn số dòng.",
  "The count.": "Số lượng.",
  "One transaction": "Một giao dịch",
  "The transaction with this id. A booked transaction does not change, so that an answer may be minutes old.":
    "Giao dịch có id này. Giao dịch đã ghi sổ không thay đổi, nên câu trả lời có thể đã lấy từ vài phút trước.",
  "The transaction.": "Giao dịch.",
  "Routes: accounts": "API: tài khoản",
  "The bank accounts that SePay watches.": "Các tài khoản ngân hàng mà SePay theo dõi.",
  "List accounts": "Danh sách tài khoản",
  "The accounts that you may see, the most recently added first. Every parameter narrows; they are joined by \"and\". `complete` is false when there may be more rows than were returned.":
    "Các tài khoản bạn được xem, tài khoản thêm gần đây nhất đứng trước. Mỗi tham số thu hẹp thêm kết quả (các điều kiện nối với nhau bằng “và”). `complete` là false khi có thể còn dòng chưa được trả về.",
  "The accounts.": "Các tài khoản.",
  "Count accounts": "Đếm tài khoản",
  "How many accounts the list would have without a limit.": "Số tài khoản mà danh sách sẽ có nếu không giới hạn số dòng.",
  "One account": "Một tài khoản",
  "The account with this id.": "Tài khoản có id này.",
  "The account.": "Tài khoản.",

  // Their parameters.
  "SePay's id.": "Id của SePay.",
  "This id and later ones: the row with this id is included.": "Từ id này trở đi, kể cả dòng có đúng id này.",
  "How many rows at most.": "Số dòng tối đa.",
  "The account number, exactly. Leading zeros count.": "Số tài khoản, khớp chính xác, kể cả các số 0 ở đầu.",
  "The bank's short name, as SePay writes it.": "Tên ngắn của ngân hàng, đúng như SePay viết.",
  "The bank's reference, exactly. It is not unique.": "Mã tham chiếu của ngân hàng, khớp chính xác. Mã này có thể trùng.",
  "Booked then or later. A date is its first second, 00:00:00.": "Ghi sổ từ lúc này trở đi. Nếu chỉ ghi ngày: từ 00:00:00 của ngày đó.",
  "Booked then or earlier. A date is its last second, 23:59:59.": "Ghi sổ đến hết lúc này. Nếu chỉ ghi ngày: đến 23:59:59 của ngày đó.",
  "The account's last transaction was then or later. A date is its first second.":
    "Giao dịch cuối của tài khoản diễn ra từ lúc này trở đi. Nếu chỉ ghi ngày: từ đầu ngày đó.",
  "The account's last transaction was then or earlier. A date is its last second.":
    "Giao dịch cuối của tài khoản diễn ra đến hết lúc này. Nếu chỉ ghi ngày: đến hết ngày đó.",
  "Money in, exactly, VND.": "Tiền vào, đúng số này, VND.",
  "Money out, exactly, VND.": "Tiền ra, đúng số này, VND.",
  "The balance is so much or more, VND.": "Số dư từ mức này trở lên, VND.",
  "The balance is so much or less, VND.": "Số dư từ mức này trở xuống, VND.",

  // Codes to pay with.
  "Routes: payments": "API: thanh toán",
  "What a customer pays with.": "Mã QR để khách quét và trả tiền.",
  "Make a VietQR code": "Tạo mã VietQR",
  "The text of a QR code with which every bank app in Vietnam fills in a transfer to this account. Draw `payload` as a QR code. It is made of the parameters alone: SePay is not asked, and whether the account exists is not checked. Any key and any ticket may ask.":
    "Nội dung của mã QR: quét bằng ứng dụng ngân hàng nào ở Việt Nam cũng ra sẵn lệnh chuyển khoản vào tài khoản này. Hãy vẽ `payload` thành mã QR. Nội dung chỉ được tạo từ các tham số: cổng không hỏi SePay và không kiểm tra tài khoản có tồn tại hay không. Khóa nào, vé nào cũng dùng được.",
  "The bank of the account: its short name as SePay writes it, its code, or its BIN, listed or not. Capitals do not matter.":
    "Ngân hàng của tài khoản: tên ngắn như SePay viết, mã ngân hàng, hoặc mã BIN (kể cả BIN chưa có trong danh sách). Không phân biệt chữ hoa, chữ thường.",
  "The account number, or the virtual account. Leading zeros count.": "Số tài khoản hoặc tài khoản ảo (VA), kể cả các số 0 ở đầu.",
  "How much, VND. Without it the customer writes the amount.": "Số tiền, VND. Nếu để trống, khách tự nhập số tiền.",
  "The transfer's text, such as a payment code. Vietnamese letters lose their marks. What does not fit is refused, never cut.":
    "Nội dung chuyển khoản, chẳng hạn mã thanh toán. Chữ tiếng Việt được bỏ dấu. Nội dung không hợp lệ thì bị từ chối, không bao giờ bị cắt bớt.",
  "The code.": "Mã vừa tạo.",

  // Tickets.
  "Routes: tickets": "API: vé",
  "Short-lived rights made of a key.": "Quyền ngắn hạn được tạo từ một khóa.",
  "Make a ticket": "Tạo vé",
  "A ticket lets its holder read for some minutes, and at most what your key may read. Give it to one customer's browser: with `code` and `amount` it sees the payment of that one order and nothing else. Every field is optional; `{}` makes a ticket for 15 minutes that reads your transactions.":
    "Vé cho người giữ nó đọc dữ liệu trong vài phút, nhiều nhất là những gì khóa của bạn đọc được. Hãy đưa vé cho trình duyệt của một khách hàng: với `code` và `amount`, vé chỉ thấy khoản thanh toán của đúng đơn hàng đó. Mọi trường đều không bắt buộc; `{}` tạo một vé 15 phút đọc được các giao dịch của bạn.",
  "For how many seconds it is good, 900 unless given. It ends with its key all the same.":
    "Vé có hiệu lực bao nhiêu giây, mặc định 900. Khóa hết hiệu lực thì vé cũng hết.",
  "What it may read, `transactions:read` unless given. With `code` or `amount` it cannot read accounts.":
    "Vé được đọc gì, mặc định `transactions:read`. Có `code` hoặc `amount` thì vé không đọc được tài khoản.",
  "The account numbers that it sees, at most 640 bytes together; those of the key unless given.":
    "Các số tài khoản vé được thấy, tổng cộng nhiều nhất 640 byte; mặc định là của khóa.",
  "A payment code: it sees only transactions with exactly this `code`.": "Mã thanh toán: vé chỉ thấy các giao dịch có đúng `code` này.",
  "VND: it sees only transactions with exactly this `amountIn`.": "VND: vé chỉ thấy các giao dịch có đúng `amountIn` này.",
  "Fields that it sees as `null`, besides those that are hidden from its key; `balance` unless given.":
    "Các trường mà vé chỉ thấy `null`, ngoài những trường đã ẩn với khóa; mặc định là `balance`.",
  "The ticket.": "Vé vừa tạo.",
  "What your key or ticket may do": "Khóa hoặc vé của bạn được làm gì",
  "The rights of whoever asks, as they are now. Any key and any ticket may read its own.":
    "Quyền hiện tại của người hỏi. Khóa nào, vé nào cũng xem được quyền của chính mình.",
  "Your rights.": "Quyền của bạn.",

  // Drop-in.
  "Routes: drop-in": "API: thay thế trực tiếp cho SePay",
  "SePay's own routes: its parameters, its status, its bytes. Any SePay client works with its base URL changed and an edge key as its token. An empty 200 is how SePay refuses the gateway's own token; where `SEPAY_STRICT` is set it becomes a 401.":
    "Chính các API của SePay: đúng tham số, mã trạng thái và nội dung của SePay. Thư viện SePay nào cũng dùng được: chỉ cần đổi base URL và dùng khóa của cổng làm token. Khi từ chối token của cổng, SePay trả về 200 không có nội dung; nếu đặt `SEPAY_STRICT`, cổng đổi thành 401.",
  "SePay's list of accounts": "Danh sách tài khoản của SePay",
  "SePay's count of accounts": "Đếm tài khoản của SePay",
  "SePay's details of one account": "Chi tiết một tài khoản của SePay",
  "SePay's list of transactions": "Danh sách giao dịch của SePay",
  "SePay's count of transactions": "Đếm giao dịch của SePay",
  "SePay's details of one transaction": "Chi tiết một giao dịch của SePay",
  "SePay's own answer: its status and its bytes, or what of them the key may see. An empty parameter is no parameter.":
    "Câu trả lời của chính SePay: nguyên mã trạng thái và nội dung, hoặc phần mà khóa được xem. Tham số để trống coi như không có.",
  "SePay's own answer: its status and its bytes, if the key may see them.":
    "Câu trả lời của chính SePay: nguyên mã trạng thái và nội dung, nếu khóa được xem.",
  "How many rows at most. SePay's own default is 100.": "Số dòng tối đa. Mặc định của SePay là 100.",
  "How many rows at most. SePay's own default is 5000.": "Số dòng tối đa. Mặc định của SePay là 5000.",

  // Operation.
  "Routes: operation": "API: vận hành",
  "For whoever runs the gateway.": "Dành cho người vận hành cổng.",
  "Whether the Worker runs": "Worker có đang chạy không",
  "Needs no key and asks nobody: SePay may be down all the same.": "Không cần khóa và không hỏi ai: SePay vẫn có thể đang gặp sự cố.",
  "It runs.": "Đang chạy.",
  "The state of the gate": "Tình trạng của cổng",
  "Slots, pause, queue, waiting times, what is known, and counts since it started, for your own profile. Numbers only, never a word of what was asked. Any key may read it, and no ticket: how busy the shop is, is not its customers' business.":
    "Các lượt gọi, trạng thái tạm dừng, hàng đợi, thời gian chờ, dữ liệu đang giữ và các số đếm từ lúc khởi động, của hồ sơ (profile) mà bạn thuộc về. Chỉ có con số, không có nội dung đã hỏi. Khóa nào cũng đọc được, vé thì không: cửa hàng bận đến đâu không phải chuyện của khách hàng.",
  "The gate at this moment.": "Tình trạng lúc này.",
  "The state of the gate for Prometheus": "Tình trạng của cổng cho Prometheus",
  "The numbers of `/api/status` in Prometheus' text format.": "Các con số của `/api/status` ở định dạng văn bản của Prometheus.",
  "The metrics, all named `sepay_edge_…`. The example shows the first ones.": "Các chỉ số, tên đều bắt đầu bằng `sepay_edge_`. Ví dụ chỉ có vài dòng đầu.",
  "Who used which key and ticket": "Ai đã dùng khóa và vé nào",
  "The use of the keys and tickets of your own profile in the last 7 days, newest first. Uses that are alike are counted together, hour by hour. No bank data, and no part of a key.":
    "Việc sử dụng các khóa và vé thuộc hồ sơ (profile) của bạn trong 7 ngày qua, mới nhất trước. Những lần dùng giống nhau được đếm gộp theo từng giờ. Không có dữ liệu ngân hàng, không có phần nào của khóa.",
  "The use of keys and tickets.": "Việc sử dụng khóa và vé.",
  "Uses then or later. A date is its first second.": "Sử dụng từ lúc này trở đi. Nếu chỉ ghi ngày: từ đầu ngày đó.",
  "Uses then or earlier. A date is its last second.": "Sử dụng đến hết lúc này. Nếu chỉ ghi ngày: đến hết ngày đó.",
  "The id of a key.": "Id của một khóa.",

  // Data.
  "Data": "Dữ liệu",
  "Money is a whole number of VND, exact. Times are RFC 3339 in Vietnam's zone. Ids and account numbers are strings; leading zeros count.":
    "Tiền là số nguyên VND, chính xác từng đồng. Thời gian theo RFC 3339, giờ Việt Nam. Id và số tài khoản là chuỗi; số 0 ở đầu có nghĩa.",
  "A field that the type allows to be `null` is `null` where SePay says nothing, or where it is hidden from the key.":
    "Trường có kiểu cho phép `null` sẽ là `null` khi SePay không cho biết, hoặc khi bị ẩn với khóa.",
  "`complete: false` on a list means that there may be more rows. Nothing is cut in silence.":
    "`complete: false` ở một danh sách nghĩa là có thể còn dòng khác. Không bao giờ cắt bớt mà không báo.",
  "SePay's id of the account.": "Id tài khoản của SePay.",
  "The account number, leading zeros kept.": "Số tài khoản, giữ nguyên số 0 ở đầu.",
  "The virtual account that was paid, if one was.": "Tài khoản ảo (VA) nhận tiền, nếu có.",
  "SePay's short name of the bank.": "Tên ngắn của ngân hàng theo SePay.",
  "When the bank booked it.": "Thời điểm ngân hàng ghi sổ.",
  "Where the money went.": "Chiều của dòng tiền: vào, ra hoặc không rõ.",
  "Money in, VND, 0 or more.": "Tiền vào, VND, từ 0 trở lên.",
  "Money out, VND, 0 or more.": "Tiền ra, VND, từ 0 trở lên.",
  "The balance after it as SePay reports it, VND; 0 from banks that report none.":
    "Số dư sau giao dịch theo SePay, VND; bằng 0 nếu ngân hàng không báo số dư.",
  "The transfer's text, as the bank passed it on. Anyone can write anything here.":
    "Nội dung chuyển khoản do ngân hàng chuyển tới. Ai cũng có thể ghi bất cứ điều gì vào đây.",
  "The payment code that SePay found in the text.": "Mã thanh toán SePay tìm thấy trong nội dung.",
  "The bank's reference. Not unique.": "Mã tham chiếu của ngân hàng. Có thể trùng.",
  "SePay's short name of the bank, \"Vietcombank\".": "Tên ngắn của ngân hàng theo SePay, “Vietcombank”.",
  "The bank's full name.": "Tên đầy đủ của ngân hàng.",
  "The bank's number, \"970436\".": "Mã BIN của ngân hàng, “970436”.",
  "The bank's code, \"VCB\".": "Mã ngân hàng, “VCB”.",
  "The holder's name.": "Tên chủ tài khoản.",
  "The label given in SePay.": "Tên gợi nhớ đặt trong SePay.",
  "The balance SePay knows, in VND; 0 from banks that report none.": "Số dư mà SePay biết, VND; bằng 0 nếu ngân hàng không báo số dư.",
  "Whether SePay watches it; none when SePay does not say.": "SePay có đang theo dõi hay không; null khi SePay không cho biết.",
  "The time of the last transaction.": "Thời điểm của giao dịch cuối.",
  "When it was added to SePay.": "Thời điểm được thêm vào SePay.",

  // How fresh.
  "How fresh": "Độ mới của dữ liệu",
  "SePay takes two or three requests a second, so answers are shared: one second old or less is served as it is, up to ten seconds is served and refreshed behind you, and older only when SePay cannot be asked. One transaction is fresh for ten minutes.":
    "SePay chỉ nhận hai hoặc ba yêu cầu mỗi giây, nên câu trả lời được dùng chung: từ một giây trở lại thì trả ngay; đến mười giây thì trả ngay và làm mới ở phía sau; cũ hơn nữa chỉ khi không hỏi được SePay. Một giao dịch riêng lẻ được coi là mới trong mười phút.",
  "Request headers": "Header của yêu cầu",
  "Response headers": "Header của câu trả lời",
  "`wait=N` (RFC 7240): how many seconds you are ready to wait, 0 to 25; 10 unless given. With 0 you get what is known, or a refusal.":
    "`wait=N` (RFC 7240): bạn sẵn sàng chờ bao nhiêu giây, từ 0 đến 25; mặc định 10. Với 0, bạn nhận dữ liệu đang có hoặc bị từ chối.",
  "`max-age=N`: no answer older than N seconds. `no-cache`: SePay is asked anew. When it cannot be, you get the error in place of an older answer.":
    "`max-age=N`: không nhận câu trả lời cũ hơn N giây. `no-cache`: hỏi lại SePay. Nếu không hỏi được, bạn nhận lỗi thay vì câu trả lời cũ.",
  "The `ETag` of the last answer: 304 without a body while nothing has changed.":
    "`ETag` của câu trả lời trước: nhận 304 không có nội dung khi chưa có gì thay đổi.",
  "`u=5` to `u=7` (RFC 9218): it may wait until nobody else does.": "`u=5` đến `u=7` (RFC 9218): yêu cầu có thể chờ đến khi không còn ai chờ.",
  "The age of the answer in whole seconds, counted from the sending of the request to SePay that fetched it.":
    "Tuổi của câu trả lời, tính bằng giây từ lúc gửi yêu cầu đến SePay.",
  "Where the answer comes from (RFC 9211). `fwd=miss`: SePay was asked. `hit; ttl=N`: it was known; a negative N is how many seconds it is past fresh, and `detail` says why it was served all the same: `refreshing`, `stale-busy` or `stale-down`.":
    "Câu trả lời từ đâu ra (RFC 9211). `fwd=miss`: đã hỏi SePay. `hit; ttl=N`: đã có sẵn; N âm là số giây đã quá hạn mới, và `detail` cho biết vì sao vẫn được trả: `refreshing`, `stale-busy` hoặc `stale-down`.",
  "Changes with the bytes of the answer; for `If-None-Match`.": "Thay đổi theo nội dung câu trả lời; dùng cho `If-None-Match`.",
  "When to ask again, in whole seconds. The place in the queue is kept for whoever comes back then.":
    "Sau bao nhiêu giây thì hỏi lại. Chỗ trong hàng đợi được giữ cho người quay lại đúng lúc.",
  "For a key with a limit of its own: `r` requests are left, one more in `t` seconds (draft-ietf-httpapi-ratelimit-headers).":
    "Với khóa có giới hạn riêng: còn `r` yêu cầu, thêm một sau `t` giây (draft-ietf-httpapi-ratelimit-headers).",
  "Names this request; the gateway's log and a problem's `requestId` have the same.":
    "Mã của yêu cầu này; nhật ký của cổng và `requestId` của lỗi có cùng mã.",

  // Errors.
  "Errors": "Lỗi",
  "Example of an error": "Ví dụ về lỗi",
  "Errors are `application/problem+json` (RFC 9457). `code` is for programs and does not change; `detail` is for people; `requestId` is in the gateway's log too.":
    "Lỗi có dạng `application/problem+json` (RFC 9457). `code` dành cho chương trình và không thay đổi; `detail` dành cho người đọc; `requestId` cũng có trong nhật ký của cổng.",
  "`invalid_parameter`: `detail` names the parameter and, for an unknown one, the nearest right one. Nothing was sent to SePay.":
    "`invalid_parameter`: `detail` nêu tên tham số; nếu tên không đúng thì gợi ý tên gần nhất. Chưa có gì được gửi đến SePay.",
  "`unauthorized`: no valid key and no valid ticket; `detail` says what can be seen of it from outside.":
    "`unauthorized`: không có khóa hay vé hợp lệ; `detail` nói điều có thể thấy được từ bên ngoài.",
  "`forbidden`: the key or ticket may not see that.": "`forbidden`: khóa hoặc vé không được xem phần này.",
  "`not_found`: no such route, or SePay has no such record.": "`not_found`: không có đường dẫn này, hoặc SePay không có bản ghi này.",
  "`method_not_allowed`: `Allow` names the methods that are there.": "`method_not_allowed`: `Allow` nêu các phương thức được dùng.",
  "`rate_limited`: the key's own limit is used up.": "`rate_limited`: đã dùng hết giới hạn riêng của khóa.",
  "`internal_error`: a fault of the gateway's own.": "`internal_error`: lỗi của chính cổng.",
  "SePay refused the gateway's token (`upstream_unauthorized`), failed (`upstream_error`), sent what cannot be read (`upstream_unreadable`) or an HTML page (`upstream_challenge`).":
    "SePay từ chối token của cổng (`upstream_unauthorized`), gặp lỗi (`upstream_error`), gửi nội dung không đọc được (`upstream_unreadable`) hoặc một trang HTML (`upstream_challenge`).",
  "`upstream_busy`: SePay cannot be asked in time; `Retry-After` says when it can.":
    "`upstream_busy`: không kịp hỏi SePay; `Retry-After` cho biết khi nào hỏi được.",
  "`upstream_timeout`: SePay did not answer in time.": "`upstream_timeout`: SePay không trả lời kịp.",

  // Browsers.
  "Browsers (CORS)": "Trình duyệt (CORS)",
  "A page from another origin may ask when the gateway's variable `EDGE_ORIGINS` names that origin, exactly: `https://shop.example.vn`. Preflight requests are answered; no cookie is used.":
    "Trang web ở origin khác được gọi khi biến `EDGE_ORIGINS` của cổng ghi đúng origin đó: `https://shop.example.vn`. Cổng trả lời các yêu cầu preflight và không dùng cookie.",
  "The page can read `Age`, `Cache-Status`, `ETag`, `Retry-After` and the other headers above.":
    "Trang đọc được `Age`, `Cache-Status`, `ETag`, `Retry-After` và các header khác ở trên.",
  "Do not put a key into a public page: make a [ticket](#tickets).": "Đừng đặt khóa vào trang công khai: hãy tạo [vé](#tickets).",
};
