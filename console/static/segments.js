// How many SMS a text takes, by the rule of GSM 03.38: 160 septets alone or 153 a part, UCS-2 70 units alone or 67 a part.

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡" +
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("^{}\\[~]|€\f");

/** Return the number of messages, the units used and the units that so many messages hold. */
export function count(text) {
  const characters = [...text];
  const plain = characters.every((each) => BASIC.has(each) || EXTENDED.has(each));
  const [single, part] = plain ? [160, 153] : [70, 67];
  let [units, parts, last] = [0, 1, 0];
  for (const each of characters) {
    const width = plain ? (EXTENDED.has(each) ? 2 : 1) : each.length;
    units += width;
    if (last + width > part) [parts, last] = [parts + 1, 0];
    last += width;
  }
  return units <= single ? { segments: 1, units, room: single } : { segments: parts, units, room: parts * part };
}
