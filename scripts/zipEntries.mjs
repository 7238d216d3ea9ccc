/**
 * Lists a zip file by its central directory (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT §4.3.12):
 * name, size in bytes and Unix mode of each entry. Not for zip64.
 * @param {Buffer} zip
 * @returns {Map<string, {size: number, mode: number}>}
 */
export function zipEntries(zip) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('This is no zip file.');
  const entries = new Map();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    entries.set(name, { size: zip.readUInt32LE(at + 24), mode: zip.readUInt32LE(at + 38) >>> 16 });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}
