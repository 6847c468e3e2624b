/** VietQR: the text of a QR code that a customer pays with. Asks nobody; what a value may be is the core's to say. */
import { asking, encodeVietQr, loadCore } from "./core.ts";
import { readObject } from "./given.ts";
import { toText } from "./params.ts";
import type { VietQrParams } from "./types.ts";

const NAMES = ["bank", "account", "amount", "content"];

/**
 * Makes the text to draw as a QR code: every bank app in Vietnam fills in a transfer with it. Needs no token and no
 * client, and sends nothing; whether the account exists is not checked. Throws `InvalidParameterError`.
 *
 * ```ts
 * vietQr({ bank: "Vietcombank", account: "0071000888888", amount: 150_000, content: "DH000777" });
 * // 00020101021238570010A0000007270127…62120808DH00077763046168
 * ```
 */
export function vietQr(params: VietQrParams): string {
  const given = readObject("params", params);
  loadCore();
  // A name that is not known is refused by the core, whatever its value.
  const isRead = ([name, value]: [string, unknown]): boolean => value !== undefined && NAMES.includes(name);
  const values = [...given].map((one) => (isRead(one) ? toText(...one) : undefined));
  return asking(() => encodeVietQr([...given.keys()], values));
}
