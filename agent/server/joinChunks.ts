import type { OutputPiece } from '../protocol/output';
import type { OutputChunk } from '../store/types';

/** Chunks as pieces for a client: neighbours of the same stream joined, which of many short lines is one message. */
export function joinChunks(chunks: readonly OutputChunk[]): OutputPiece[] {
  const pieces: OutputPiece[] = [];
  let start = 0;
  for (let end = 1; end <= chunks.length; end++) {
    if (end < chunks.length && chunks[end]?.stream === chunks[start]?.stream) continue;
    pieces.push(pieceOf(chunks.slice(start, end)));
    start = end;
  }
  return pieces;
}

function pieceOf(chunks: readonly OutputChunk[]): OutputPiece {
  const first = chunks[0] as OutputChunk;
  const last = chunks.at(-1) as OutputChunk;
  const data = Buffer.concat(chunks.map(chunk => chunk.bytes)).toString('base64');
  return { seq: last.seq, stream: first.stream, time: first.time, data };
}
