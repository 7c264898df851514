/** The functions of cephes that are used here: the package's own types are not reachable by its `exports`. */
declare module 'cephes' {
  /** Fulfilled when the functions may be called. */
  export const compiled: Promise<void>;
  /** Complementary error function. */
  export function erfc(x: number): number;
  /** Upper regularised incomplete gamma function. */
  export function igamc(a: number, x: number): number;
  /** Regularised incomplete beta function. */
  export function incbet(a: number, b: number, x: number): number;
  /** Logarithm of the gamma function. */
  export function lgam(x: number): number;
  /** Inverse of the normal distribution function. */
  export function ndtri(p: number): number;
}
