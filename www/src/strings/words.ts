/**
 * The shape of a file of words, for those in another language: texts are other texts, and what makes a text of numbers or
 * names takes the same ones. A translation that leaves something out, or has too much, does not compile.
 */
export type Words<English> = English extends string
  ? string
  : English extends (...parts: infer Parts) => string
    ? (...parts: Parts) => string
    : { readonly [Key in keyof English]: Words<English[Key]> };
