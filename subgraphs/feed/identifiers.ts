/** Whether `id` is one that an owner may give: 1 to 128 characters without control characters. */
export function isId(id: string): boolean {
  return id.length >= 1 && id.length <= 128 && !/\p{Cc}/u.test(id) && id.isWellFormed();
}
