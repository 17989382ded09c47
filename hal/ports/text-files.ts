/** Small text files that the kernel makes afresh at each read (sensors). */
export interface TextFiles {
  /** Settles exactly once. A DS18B20 read takes up to 0.75 s, because the kernel converts during the read. */
  read(path: string, done: (result: { readonly text: string } | { readonly error: string }) => void): void;
}
