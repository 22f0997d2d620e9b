import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

/** A fixed date (1980-01-01), so that the same files always make the same zip. */
const DOS_DATE = 0x0021;
const DEFLATE = 8;
const NAMES_IN_UTF8 = 0x0800;
const REGULAR_FILE_644 = 0o100644;

/** A zip archive of every file below a folder (PKWARE APPNOTE 6.3: local headers, central directory, end record). */
export function zipFolder(folder: string): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const file of filesBelow(folder)) {
    const name = Buffer.from(relative(folder, file));
    const content = readFileSync(file);
    const packed = deflateRawSync(content, { level: 1 });
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(NAMES_IN_UTF8, 2);
    shared.writeUInt16LE(DEFLATE, 4);
    shared.writeUInt16LE(DOS_DATE, 8);
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(content.length, 18);
    shared.writeUInt16LE(name.length, 22);

    locals.push(Buffer.from('PK\x03\x04'), shared, name, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((REGULAR_FILE_644 << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const madeByUnix = Buffer.from([20, 3]);
    centrals.push(Buffer.from('PK\x01\x02'), madeByUnix, shared, tail, name);
    offset += 4 + shared.length + name.length + packed.length;
  }
  const central = Buffer.concat(centrals);
  const count = centrals.length / 5;
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06'), end]);
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
