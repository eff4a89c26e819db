import type { ToolReading } from '../contract/index.js';

/**
 * What may be recorded and shown of what is known of a tool call: the same risks, told in the words of the masked arguments. Facts and
 * sentences quote arguments (a path, a host, an account), and those of the call itself hold the originals that were put back.
 * `readMasked` reads the masked arguments; where they say nothing of a risk (what was masked cannot be decoded or resolved), its name stands alone.
 */
export async function shownReading(
  reading: ToolReading,
  call: { arguments: string; maskedArguments: string },
  readMasked: (maskedArguments: string) => ToolReading | Promise<ToolReading>,
): Promise<ToolReading> {
  if (call.arguments === call.maskedArguments) return reading;
  const masked = await readMasked(call.maskedArguments);
  const sentences = new Map(masked.risks.map(({ id, sentence }) => [id, sentence]));
  const kinds = new Set(masked.facts.map(({ kind }) => kind));
  const untold = [...new Set(reading.facts.map(({ kind }) => kind))].filter((kind) => !kinds.has(kind));
  return {
    ...reading,
    facts: [...masked.facts, ...untold.map((kind) => ({ kind }))],
    risks: reading.risks.map((risk) => ({ ...risk, sentence: sentences.get(risk.id) ?? `${risk.id}, with masked values` })),
  };
}
