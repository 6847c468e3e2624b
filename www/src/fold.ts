/**
 * Texts as they are searched: capitals and Vietnamese marks make no difference. Pure.
 */

/** A text without capitals and marks: "Nguyễn Đức" is "nguyen duc". */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[đĐ]/g, "d")
    .toLowerCase();
}
