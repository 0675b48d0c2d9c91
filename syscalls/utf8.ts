// Text and bytes. Every host that can run the kernel has these two, though no ECMAScript library
// names them.

interface Decoder {
  decode(bytes?: Uint8Array, options?: { stream: boolean }): string;
}

declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new () => Decoder;

const encoder = new TextEncoder();

/** `text` as UTF-8. */
export function encode(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * UTF-8 `bytes` as text; what is no UTF-8 becomes U+FFFD. For bytes that come in pieces use
 * `decoder()`.
 */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/**
 * A decoder for a stream: give it chunk after chunk; a character split between two comes out whole.
 */
export function decoder(): (chunk?: Uint8Array) => string {
  const stream = new TextDecoder();
  return (chunk) =>
    chunk === undefined ? stream.decode() : stream.decode(chunk, { stream: true });
}
