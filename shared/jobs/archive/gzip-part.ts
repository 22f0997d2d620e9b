import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

const compress = promisify(deflateRaw);

/** Lines are gathered to about this many bytes before they are compressed together. */
const BLOCK_BYTES = 1024 * 1024;

/** RFC 1952: magic, deflate, no flags, time 0, no extra flags, system unknown. Same lines, same bytes, anywhere. */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
/** An empty final block of fixed codes (RFC 1951), which ends the stream. */
const LAST_BLOCK = Uint8Array.of(3, 0);

/**
 * One gzip file that is grown line by line and knows its size while it grows. A gzip stream tells its size only when
 * its buffers happen to empty; here each block is compressed by itself to a byte boundary, so where a part is cut
 * depends on the lines alone. Holds the compressed bytes and at most one block of lines.
 */
export class GzipPart {
  readonly #compressed: Uint8Array[] = [HEADER];
  #lines: string[] = [];
  #lineBytes = 0;
  #crc = 0;
  #plainBytes = 0;
  #size = HEADER.byteLength;
  items = 0;

  /** Compressed bytes so far, without the lines that wait for their block to fill. */
  get size(): number {
    return this.#size;
  }

  async add(line: string): Promise<void> {
    this.#lines.push(line, '\n');
    this.#lineBytes += Buffer.byteLength(line) + 1;
    this.items += 1;
    if (this.#lineBytes >= BLOCK_BYTES) await this.#compressLines();
  }

  /** The whole file. The part must not be used afterwards. */
  async finish(): Promise<Uint8Array> {
    if (this.#lineBytes > 0) await this.#compressLines();
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#crc, 0);
    trailer.writeUInt32LE(this.#plainBytes % 2 ** 32, 4);
    return Buffer.concat([...this.#compressed, LAST_BLOCK, trailer]);
  }

  async #compressLines(): Promise<void> {
    const block = Buffer.from(this.#lines.join(''));
    this.#lines = [];
    this.#lineBytes = 0;
    this.#crc = crc32(block, this.#crc);
    this.#plainBytes += block.byteLength;
    const bytes = await compress(block, { finishFlush: constants.Z_SYNC_FLUSH });
    this.#compressed.push(bytes);
    this.#size += bytes.byteLength;
  }
}
